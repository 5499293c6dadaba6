import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { decodeCursor, encodeCursor, type Page } from '../common/schemas.js';
import { EventsService } from '../events/events.service.js';
import { InventoryMemory } from '../inventory/inventory-memory.service.js';
import { FeedRepository } from './feed.repository.js';

export interface SeatHistoryEntry {
  readonly type: string;
  readonly at: string;
  readonly bookingId: string | null;
  /** Who did it; null when time did. */
  readonly actor: string | null;
}

const cursorKey = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** What happened to one seat, for the organizer at the counter. */
@Injectable()
export class SeatHistoryService {
  constructor(
    private readonly events: EventsService,
    private readonly inventories: InventoryMemory,
    private readonly feed: FeedRepository,
  ) {}

  /** Newest first. Errors: `not_found`, also for an event of somebody else, `event_not_on_sale`, `invalid_cursor`. */
  async history(
    user: Principal,
    eventId: string,
    label: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<SeatHistoryEntry>> {
    await this.events.findOwned(user, eventId);
    const memory = await this.inventories.open(eventId);
    if (!memory) throw new DomainError('event_not_on_sale');
    const n = memory.seats.labels.indexOf(label);
    if (n < 0) throw new DomainError('not_found', { detail: `This event has no seat "${label}".` });
    const before = cursor ? decodeCursor(cursor, cursorKey)[0] : null;
    const facts = await this.feed.history(eventId, n, before, limit + 1);
    const shown = facts.slice(0, limit);
    return {
      data: shown.map(({ type, at, bookingId, actor }) => ({ type, at: at.toISOString(), bookingId, actor })),
      next: facts.length > limit ? encodeCursor([shown.at(-1)!.pos]) : null,
    };
  }
}
