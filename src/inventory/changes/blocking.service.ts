import { Injectable } from '@nestjs/common';
import { EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { correlationId } from '../../platform/common/request-context.js';
import { InventoryService } from './inventory.service.js';

/** Seats that an organizer keeps out of the sale. */
@Injectable()
export class BlockingService {
  constructor(
    private readonly events: EventsService,
    private readonly inventory: InventoryService,
  ) {}

  /** Errors: `not_found`, `event_not_on_sale`, `unknown_seats`, `seats_not_blockable` with `conflicts`. */
  block(user: Principal, eventId: string, seats: number[]): Promise<{ changed: number }> {
    return this.set(user, eventId, seats, true);
  }

  /** Errors: as for `block`. */
  unblock(user: Principal, eventId: string, seats: number[]): Promise<{ changed: number }> {
    return this.set(user, eventId, seats, false);
  }

  private async set(
    user: Principal,
    eventId: string,
    seats: number[],
    block: boolean,
  ): Promise<{ changed: number }> {
    await this.events.findFor(user, 'events', eventId);
    return { changed: await this.inventory.block(eventId, seats, block, user.id, correlationId()) };
  }
}
