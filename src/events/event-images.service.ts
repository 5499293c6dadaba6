import { Injectable } from '@nestjs/common';
import { ImagesService } from '../images/images.service.js';
import type { Principal } from '../platform/access/principal.js';
import type { EventRecord } from './event.rules.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

/** Pictures of events that their organizers upload. */
@Injectable()
export class EventImagesService {
  constructor(
    private readonly events: EventsService,
    private readonly repository: EventsRepository,
    private readonly images: ImagesService,
  ) {}

  /**
   * An edit of the event, whose address of a picture elsewhere goes. Errors: those of `EventsService.edit`,
   * `image_unreadable`, `image_too_large`, `overloaded`.
   */
  async set(user: Principal, id: string, version: number, bytes: Buffer): Promise<EventRecord> {
    // Before the work, which takes a while.
    await this.events.findEditable(user, 'events', id, version);
    const prepared = await this.images.prepare(bytes);
    return this.events.edit(user, id, version, { image: prepared.image }, (tx) =>
      this.images.keep(tx, prepared),
    );
  }

  /** Errors: those of `EventsService.edit`. */
  remove(user: Principal, id: string, version: number): Promise<EventRecord> {
    return this.events.edit(user, id, version, { image: null });
  }

  /** Deletes pictures that no event has had for so many days. */
  removeUnused(days: number): Promise<void> {
    return this.images.removeUnused(days, (tx, hashes) => this.repository.imagesShown(tx, hashes));
  }
}
