import { Injectable } from '@nestjs/common';
import type { ChangeResult } from '../../inventory/changes/inventory.service.js';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';

/** A saga at work on a cancelled event. */
export interface Lead {
  readonly id: string;
  readonly lease: string;
  readonly eventId: string | null;
  readonly actor: string | null;
}

/** `ended`: bookings that this piece was about; `last`: the last of them. */
export interface Piece extends ChangeResult {
  readonly ended: number;
  readonly last?: string | null;
}

export interface Tally {
  bookings: number;
  amount: number;
}

export interface Progress {
  holds: number;
  refunded: Tally;
  pending: Tally;
  refused: Tally;
}

export interface Refusal {
  refundId: string;
  bookingId: string;
  code: string;
  amount: number;
  reason: string | null;
}

/** Pieces of the cancellation of an event; see event_release_v1 and event_refund_v1. */
@Injectable()
export class EventCancellationRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Releases up to 100 holds. */
  release({ id, lease, eventId, actor }: Lead, since: number): Promise<Piece> {
    return this.database.call('event.release', 'SELECT event_release_v1($1, $2, $3, $4, $5, $6) AS result', [
      id,
      lease,
      eventId,
      actor,
      since,
      correlationId(),
    ]);
  }

  /** Begins the cancellation of sold bookings after `after`, by id: at most one for each pair of ids. */
  refund(
    { id, lease, eventId, actor }: Lead,
    after: string | null,
    ids: { readonly refunds: readonly string[]; readonly sagas: readonly string[] },
    since: number,
  ): Promise<Piece> {
    return this.database.call(
      'event.refund',
      'SELECT event_refund_v1($1, $2, $3, $4, $5, $6, $7, $8, $9) AS result',
      [id, lease, eventId, after, ids.refunds, ids.sagas, actor, since, correlationId()],
    );
  }

  /** Progress of an event cancellation, read from one snapshot. */
  async progress(eventId: string): Promise<Progress> {
    const [row] = await this.database.statement<Progress & Record<string, unknown>>(
      'event.cancellation_progress',
      `WITH sold AS (
         SELECT i.price FROM booking b JOIN LATERAL (
           SELECT sum(price) AS price FROM booking_item
           WHERE event_id = b.event_id AND booking_id = b.id AND status = 'confirmed') i ON true
         WHERE b.event_id = $1 AND b.status = 'confirmed'
       ), money AS (
         SELECT CASE status WHEN 'succeeded' THEN 'refunded' WHEN 'refused' THEN 'refused' ELSE 'pending' END AS state, amount
         FROM refund WHERE event_id = $1 AND cause = 'event'
         UNION ALL SELECT 'pending', price FROM sold
       ), tally AS (
         SELECT s.state, json_build_object('bookings', count(m.state), 'amount', coalesce(sum(m.amount), 0)) AS tally
         FROM (VALUES ('refunded'), ('pending'), ('refused')) s (state) LEFT JOIN money m USING (state) GROUP BY s.state)
       SELECT (SELECT count(*) FROM booking WHERE event_id = $1 AND status IN ('held', 'paying'))::int AS holds,
         (SELECT tally FROM tally WHERE state = 'refunded') AS refunded,
         (SELECT tally FROM tally WHERE state = 'pending') AS pending,
         (SELECT tally FROM tally WHERE state = 'refused') AS refused`,
      [eventId],
    );
    return row!;
  }

  refusals(eventId: string, limit: number): Promise<Refusal[]> {
    return this.database.statement<Refusal & Record<string, unknown>>(
      'event.cancellation_refusals',
      `SELECT r.id AS "refundId", r.booking_id AS "bookingId", b.code, r.amount::float8 AS amount, r.failure AS reason
       FROM refund r JOIN booking b ON b.event_id = r.event_id AND b.id = r.booking_id
       WHERE r.event_id = $1 AND r.cause = 'event' AND r.status = 'refused' ORDER BY r.id LIMIT $2`,
      [eventId, limit],
    );
  }
}
