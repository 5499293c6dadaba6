import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { ERROR_CODES, type ErrorCode } from '../common/error-codes.js';
import { Facts } from '../facts/facts.service.js';
import { type BookingChange, type ChangeResult, toFeedRows } from './feed.js';
import { FeedNews } from './feed-news.service.js';
import { InventoryRepository } from './inventory.repository.js';
import { InventoryMemory } from './inventory-memory.service.js';
import { SeatFence } from './seat-fence.service.js';

export type { ChangeResult } from './feed.js';

/** Every change of an inventory but holds: carried out under the feed row's lock, then learned by this replica. */
@Injectable()
export class InventoryService {
  constructor(
    private readonly inventory: InventoryRepository,
    private readonly memory: InventoryMemory,
    private readonly fence: SeatFence,
    private readonly news: FeedNews,
    private readonly facts: Facts,
  ) {}

  /**
   * One transition of a booking.
   * Errors: `not_found` (also another person's), `hold_expired`, `not_held`, `already_extended`, `too_many_tries`,
   * `event_ended`, `not_paying`, `not_confirmed`, `items_not_confirmed`, `not_cancelling`.
   */
  async changeBooking(change: BookingChange): Promise<void> {
    await this.change(change.eventId, (since) => this.inventory.changeBooking(change, since));
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
      this.inventory.block(eventId, since, sorted, block, actor, correlation),
    );
    return result.changed ?? 0;
  }

  /** Ends up to `limit` overdue bookings of an event; returns how many. */
  async sweep(eventId: string, limit: number): Promise<number> {
    const result = await this.change(eventId, (since) => this.inventory.sweep(eventId, since, limit));
    return result.ended ?? 0;
  }

  /**
   * For features that change an inventory together with something of their own, in one call of theirs: hands over what this replica has, and learns what the call brought back. Outcomes are theirs to judge.
   */
  async follow<R extends ChangeResult>(eventId: string, change: (since: number) => Promise<R>): Promise<R> {
    const result = await change(this.since(eventId));
    await this.memory.learn(eventId, result).catch(() => {});
    this.facts.nudge();
    this.news.tell(eventId, result.rows ? toFeedRows(result.rows) : null, true);
    await this.fence.passed(eventId, result);
    return result;
  }

  /** As `follow`, and throws an outcome other than `ok` as the error of that code. */
  async change<R extends ChangeResult>(eventId: string, change: (since: number) => Promise<R>): Promise<R> {
    const result = await this.follow(eventId, change);
    if (result.outcome === 'ok') return result;
    const code = result.outcome in ERROR_CODES ? (result.outcome as ErrorCode) : 'internal_error';
    throw new DomainError(code, result.conflicts ? { extra: { conflicts: result.conflicts } } : {});
  }

  private since(eventId: string): number {
    return this.memory.peek(eventId)?.seq ?? Number.MAX_SAFE_INTEGER;
  }
}
