import { Injectable } from '@nestjs/common';
import { EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { bigintText, type Page, type PageQuery, pagesBy } from '../../platform/common/pages.js';
import { InventoryMemoryService } from '../memory/inventory-memory.service.js';
import { FeedRepository } from './feed.repository.js';

export interface SeatHistoryEntry {
  readonly type: string;
  readonly at: string;
  readonly bookingId: string | null;
  /** Id of the person who did it; null for an expiry. */
  readonly actor: string | null;
}

const readPageByPos = pagesBy('pos', bigintText);

/** History of one seat, for the organizer at the counter. */
@Injectable()
export class SeatHistoryService {
  constructor(
    private readonly events: EventsService,
    private readonly inventories: InventoryMemoryService,
    private readonly feed: FeedRepository,
  ) {}

  /** Newest first. Errors: `not_found`, also for an event of somebody else, `event_not_on_sale`, `invalid_cursor`. */
  async history(
    user: Principal,
    eventId: string,
    label: string,
    query: PageQuery,
  ): Promise<Page<SeatHistoryEntry>> {
    await this.events.findFor(user, 'people', eventId);
    const memory = await this.inventories.open(eventId);
    if (!memory) throw new DomainError('event_not_on_sale');
    const n = memory.seats.labels.indexOf(label);
    if (n < 0) throw new DomainError('not_found', { detail: `This event has no seat "${label}".` });
    const page = await readPageByPos(query, (count, before) => this.feed.history(eventId, n, count, before));
    const data = page.data.map(({ pos, at, ...fact }) => ({ ...fact, at: at.toISOString() }));
    return { ...page, data };
  }
}
