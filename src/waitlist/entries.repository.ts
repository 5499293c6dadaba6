import { Injectable } from '@nestjs/common';
import type { ChangeResult } from '../inventory/changes/inventory.service.js';
import { claimOf, type IdempotentCall } from '../platform/common/idempotent-call.js';
import { correlationId } from '../platform/common/request-context.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import type { EntryState, Wish } from './entry.rules.js';

/** An entry as it is now: an offer whose time is over is `expired`, whether or not its row says so yet. */
export interface EntryRecord extends Wish {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  /** 64-bit number as text; grows in the order in which people joined. */
  readonly place: string;
  readonly state: EntryState;
  readonly bookingId: string | null;
  readonly offerUntil: Date | null;
  /** Seats and places of the offer, which may be fewer than were wished for; null without one. */
  readonly offered: number | null;
  readonly joinedAt: Date;
  /** From 1, among those who wait for the event; null when it does not wait. */
  readonly position: number | null;
  /** Number of entries that left the line after an offer. */
  readonly served: number;
  readonly gone: number;
}

export interface Joined extends ChangeResult {
  /** With outcome `replay`: the entry that the key had made before. */
  readonly subject?: string;
}

/** Demand of the people who wait for an event. */
export interface Demand {
  readonly states: Partial<Record<EntryState, number>>;
  readonly seatsWanted: number;
  readonly byQuantity: { quantity: number; entries: number }[];
  readonly byCategory: { category: number; entries: number }[];
}

const STATE = `CASE WHEN e.state = 'offered' AND e.offer_until <= clock_timestamp() THEN 'expired' ELSE e.state END`;
// The odds count past entries whose smallest acceptable number was as high as this entry's, or higher.
const PAST = `waitlist_entry p WHERE p.event_id = e.event_id AND p.state <> 'waiting' AND p.min_quantity >= e.min_quantity`;
const COLUMNS = `e.id, e.event_id AS "eventId", e.user_id AS "userId", e.place::text AS place, ${STATE} AS state, e.quantity,
  e.min_quantity AS "minQuantity", e.together, e.accessible, e.categories, e.areas, e.max_price::float8 AS "maxPrice",
  e.booking_id AS "bookingId",
  CASE WHEN e.state = 'offered' THEN (SELECT count(*)::int FROM booking_item i
    WHERE i.event_id = e.event_id AND i.booking_id = e.booking_id) END AS offered, e.offer_until AS "offerUntil", e.joined_at AS "joinedAt",
  CASE WHEN e.state = 'waiting' THEN (SELECT count(*)::int FROM waitlist_entry w
    WHERE w.event_id = e.event_id AND w.state = 'waiting' AND w.place <= e.place) END AS position,
  (SELECT count(*)::int FROM ${PAST} AND p.offered_at IS NOT NULL) AS served, (SELECT count(*)::int FROM ${PAST}) AS gone`;

@Injectable()
export class EntriesRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Outcomes: ok, replay, or an error code; see waitlist_join_v1. */
  join(
    eventId: string,
    id: string,
    userId: string,
    wish: Wish,
    available: boolean,
    call: IdempotentCall | undefined,
  ): Promise<Joined> {
    return this.database.call(
      'waitlist.join',
      'SELECT waitlist_join_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS result',
      [
        eventId,
        id,
        userId,
        wish.quantity,
        wish.minQuantity,
        wish.together,
        wish.accessible,
        wish.categories,
        wish.areas,
        wish.maxPrice,
        ...claimOf(call),
        available,
        correlationId(),
      ],
    );
  }

  /** Outcomes: ok, not_waiting, and those of a release if an open offer is declined by it. */
  leave({ eventId, id, userId }: EntryRecord, since: number): Promise<ChangeResult> {
    return this.database.call('waitlist.leave', 'SELECT waitlist_leave_v1($1, $2, $3, $4, $5) AS result', [
      eventId,
      id,
      userId,
      since,
      correlationId(),
    ]);
  }

  /** Takes a person out of every line. Offers are declined. */
  async leaveAll(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `SELECT waitlist_leave_v1(event_id, id, user_id, $2, NULL) FROM (
         SELECT event_id, id, user_id FROM waitlist_entry
         WHERE user_id = $1 AND state IN ('waiting', 'offered') ORDER BY event_id OFFSET 0) open`,
      [userId, Number.MAX_SAFE_INTEGER],
    );
  }

  async find(id: string): Promise<EntryRecord | undefined> {
    const [row] = await this.database.statement<EntryRecord & Record<string, unknown>>(
      'waitlist.find',
      `SELECT ${COLUMNS} FROM waitlist_entry e WHERE e.id = $1`,
      [id],
    );
    return row;
  }

  /** A person's own, newest first. */
  list(userId: string, limit: number, before: string | null): Promise<EntryRecord[]> {
    return this.database.statement<EntryRecord & Record<string, unknown>>(
      'waitlist.list',
      `SELECT ${COLUMNS} FROM waitlist_entry e WHERE e.user_id = $1 AND ($2::bigint IS NULL OR e.place < $2)
       ORDER BY e.place DESC LIMIT $3`,
      [userId, before, limit],
    );
  }

  async demand(eventId: string): Promise<Demand> {
    const [row] = await this.database.statement<{ [K in keyof Demand]: Demand[K] | null }>(
      'waitlist.demand',
      `WITH entry AS MATERIALIZED (
         SELECT ${STATE} AS state, e.quantity, e.categories FROM waitlist_entry e WHERE e.event_id = $1)
       SELECT (SELECT json_object_agg(state, entries) FROM (SELECT state, count(*) AS entries FROM entry GROUP BY state) s) AS states,
         (SELECT coalesce(sum(quantity), 0)::int FROM entry WHERE state = 'waiting') AS "seatsWanted",
         (SELECT json_agg(q ORDER BY q.quantity) FROM (SELECT quantity, count(*) AS entries FROM entry
            WHERE state = 'waiting' GROUP BY quantity) q) AS "byQuantity",
         (SELECT json_agg(c ORDER BY c.category) FROM (SELECT category, count(*) AS entries FROM entry, unnest(categories) AS category
            WHERE state = 'waiting' GROUP BY category) c) AS "byCategory"`,
      [eventId],
    );
    const { states, seatsWanted, byQuantity, byCategory } = row!;
    return {
      states: states ?? {},
      seatsWanted: seatsWanted ?? 0,
      byQuantity: byQuantity ?? [],
      byCategory: byCategory ?? [],
    };
  }
}
