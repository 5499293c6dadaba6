import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { ERROR_CODES, type ErrorCode } from '../../platform/common/error-codes.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { type BookingChange, type ChangeResult, toFeedRows } from '../memory/feed.js';
import { FeedNewsService } from '../memory/feed-news.service.js';
import { InventoryMemoryService } from '../memory/inventory-memory.service.js';
import { SeatFenceService } from '../memory/seat-fence.service.js';
import { ChangesRepository } from './changes.repository.js';

export type { ChangeResult } from '../memory/feed.js';

/** All changes of an inventory except holds: made under the feed row's lock, then applied to this replica's memory. */
@Injectable()
export class InventoryService {
  constructor(
    private readonly changes: ChangesRepository,
    private readonly memory: InventoryMemoryService,
    private readonly fence: SeatFenceService,
    private readonly news: FeedNewsService,
    private readonly facts: FactsService,
  ) {}

  /**
   * One transition of a booking.
   * Errors: `not_found` (also another person's), `hold_expired`, `not_held`, `already_extended`, `too_many_tries`,
   * `event_ended`, `not_paying`, `not_confirmed`, `items_not_confirmed`, `not_cancelling`.
   */
  async changeBooking(change: BookingChange): Promise<void> {
    await this.change(change.eventId, (since) => this.changes.changeBooking(change, since));
  }

  /**
   * Takes seats out of the sale, or brings blocked ones back: all of them or none.
   * @returns how many changed
   * Errors: `event_not_on_sale`, `unknown_seats`, `seats_not_blockable` with `conflicts`.
   */
  async block(
    eventId: string,
    seats: number[],
    block: boolean,
    actor: string,
    correlation: string | null,
  ): Promise<number> {
    const sorted = seats.toSorted((a, b) => a - b);
    const result = await this.change(eventId, (since) =>
      this.changes.block(eventId, since, sorted, block, actor, correlation),
    );
    return result.changed ?? 0;
  }

  /** Ends up to `limit` overdue bookings of an event; returns how many. */
  async sweep(eventId: string, limit: number): Promise<number> {
    const result = await this.change(eventId, (since) => this.changes.sweep(eventId, since, limit));
    return result.ended ?? 0;
  }

  /**
   * For features that change an inventory together with their own tables in one database call: passes the seq this
   * replica has, and applies the feed rows that the call returns. The caller judges the outcome.
   */
  async commitChange<R extends ChangeResult>(
    eventId: string,
    change: (since: number) => Promise<R>,
  ): Promise<R> {
    const result = await change(this.since(eventId));
    await this.memory.learn(eventId, result).catch(() => {});
    this.facts.nudge();
    this.news.tell(eventId, result.rows ? toFeedRows(result.rows) : null, true);
    await this.fence.passed(eventId, result);
    return result;
  }

  /** As `commitChange`, and throws an outcome other than `ok` as the error of that code. */
  async change<R extends ChangeResult>(eventId: string, change: (since: number) => Promise<R>): Promise<R> {
    const result = await this.commitChange(eventId, change);
    if (result.outcome === 'ok') return result;
    const code = result.outcome in ERROR_CODES ? (result.outcome as ErrorCode) : 'internal_error';
    throw new DomainError(code, result.conflicts ? { extra: { conflicts: result.conflicts } } : {});
  }

  private since(eventId: string): number {
    return this.memory.peek(eventId)?.seq ?? Number.MAX_SAFE_INTEGER;
  }
}
