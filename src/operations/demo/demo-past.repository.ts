import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';

/** When what was done to an event of the demo is to have happened. */
export interface Past {
  readonly eventId: string;
  readonly publishedAt: Date;
  /** Times of bookings and entries of the waitlist, and when their money went back, if it did. */
  readonly ids: readonly string[];
  readonly at: readonly Date[];
  readonly back: readonly Date[];
  /** New start and end, for an event that is to be over; holders of tickets entered just before. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

/**
 * Puts what the services of this installation have just done into the past, for the demo alone: facts are append-only
 * everywhere else. Facts that are sealed stay as they are.
 */
@Injectable()
export class DemoPastRepository {
  constructor(private readonly database: DatabaseService) {}

  /** @returns false when facts of the event were sealed already, so that nothing was moved */
  move(past: Past): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (await this.isSealed(tx, past.eventId)) return false;
      const { eventId, ids, at, back, startsAt, endsAt, publishedAt } = past;
      // The event first, as all who change its seats lock it first.
      await tx.query(
        `UPDATE event SET created_at = $2::timestamptz - interval '1 day', published_at = $2,
                starts_at = coalesce($3, starts_at), ends_at = coalesce($4, ends_at),
                doors_at = coalesce(doors_at + ($3 - starts_at), doors_at) WHERE id = $1`,
        [eventId, publishedAt, startsAt, endsAt],
      );
      await tx.query(PAST, [eventId]);
      await tx.query(MOVE_SALES, [eventId, ids, at, back, startsAt]);
      await tx.query(MOVE_EVENT, [eventId, publishedAt]);
      for (const statement of ALIGN) await tx.query(statement, [eventId]);
      // The facts last, for as short as can be: nobody writes one while their trigger is off, and who waits here with
      // another lock must not be waited for.
      await tx.query('ALTER TABLE fact DISABLE TRIGGER fact_append_only');
      await tx.query(MOVE_FACTS);
      await tx.query('ALTER TABLE fact ENABLE TRIGGER fact_append_only');
      return true;
    });
  }

  /** Sealing waits until this transaction ends. */
  private async isSealed(tx: Tx, eventId: string): Promise<boolean> {
    await tx.query(
      `INSERT INTO fact_cursor (handler, seen, until, pos) VALUES ('seals', '1:1:', '1:1:', 0) ON CONFLICT DO NOTHING`,
    );
    await tx.query(`SELECT FROM fact_cursor WHERE handler = 'seals' FOR UPDATE`);
    const [{ sealed }] = await tx.query(
      `SELECT EXISTS (SELECT FROM fact_seal s, unnest(s.positions) AS p (pos) JOIN fact f USING (pos)
                      WHERE f.event_id = $1) AS sealed`,
      [eventId],
    );
    return sealed;
  }
}

/** The facts of the event, with the instants that they are to have. */
const PAST = `
CREATE TEMP TABLE past ON COMMIT DROP AS
SELECT stream, stream_id, version, type, data, occurred_at FROM fact
WHERE event_id = $1 AND stream IN ('event', 'booking', 'waitlist', 'payment', 'refund', 'ticket')`;

const MOVE_SALES = `
WITH belongs AS (
  SELECT f.stream_id, f.version, f.stream, f.occurred_at,
         CASE f.stream WHEN 'ticket' THEN (SELECT t.booking_id FROM ticket t WHERE t.event_id = $1 AND t.id = f.stream_id)
           WHEN 'payment' THEN (f.data ->> 'bookingId')::uuid WHEN 'refund' THEN (f.data ->> 'bookingId')::uuid
           ELSE f.stream_id END AS subject,
         f.stream = 'refund' OR f.type LIKE 'booking.cancel%' AS goes_back
  FROM past f WHERE f.stream <> 'event'
), starts AS (
  SELECT subject, goes_back, min(occurred_at) AS first FROM belongs GROUP BY 1, 2
)
UPDATE past f SET occurred_at = CASE
    WHEN f.type = 'ticket.checked_in' AND $5::timestamptz IS NOT NULL
      THEN $5 - make_interval(mins => abs(hashtext(f.stream_id::text)) % 50)
    ELSE f.occurred_at - s.first + CASE WHEN b.goes_back THEN m.back ELSE m.at END END
FROM belongs b
JOIN starts s USING (subject, goes_back)
JOIN unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS m (id, at, back) ON m.id = b.subject
WHERE f.stream_id = b.stream_id AND f.version = b.version AND f.stream = b.stream`;

const MOVE_EVENT = `
UPDATE past f SET occurred_at = $2::timestamptz
  - CASE f.type WHEN 'event.published' THEN interval '0' ELSE interval '1 day' END
WHERE f.stream_id = $1 AND f.stream = 'event' AND f.type IN ('event.created', 'event.price_tiers_set', 'event.published')`;

/** Rows get the instants of their facts. */
const ALIGN = [
  `UPDATE booking b SET created_at = f.occurred_at FROM past f
   WHERE b.event_id = $1 AND f.stream_id = b.id AND f.stream = 'booking' AND f.version = 1`,
  `UPDATE waitlist_entry w SET joined_at = f.occurred_at FROM past f
   WHERE w.event_id = $1 AND f.stream_id = w.id AND f.stream = 'waitlist' AND f.version = 1`,
  `UPDATE payment p SET created_at = f.first, updated_at = f.last FROM (
     SELECT stream_id, min(occurred_at) AS first, max(occurred_at) AS last FROM past
     WHERE stream = 'payment' GROUP BY 1) f WHERE p.event_id = $1 AND f.stream_id = p.id`,
  `UPDATE refund r SET created_at = f.first, updated_at = f.last FROM (
     SELECT stream_id, min(occurred_at) AS first, max(occurred_at) AS last FROM past
     WHERE stream = 'refund' GROUP BY 1) f WHERE r.event_id = $1 AND f.stream_id = r.id`,
  `UPDATE ticket t SET issued_at = f.occurred_at FROM past f
   WHERE t.event_id = $1 AND f.stream_id = t.id AND f.stream = 'ticket' AND f.version = 1`,
  `UPDATE ticket t SET checked_in_at = f.occurred_at FROM past f
   WHERE t.event_id = $1 AND f.stream_id = t.id AND f.type = 'ticket.checked_in'`,
  `UPDATE sandbox_charge c SET created_at = p.created_at FROM payment p
   WHERE p.event_id = $1 AND c.key = p.idempotency_key`,
  `UPDATE sandbox_refund c SET created_at = r.created_at FROM refund r
   WHERE r.event_id = $1 AND c.key = r.idempotency_key`,
];

const MOVE_FACTS = `
UPDATE fact f SET occurred_at = p.occurred_at FROM past p
WHERE f.stream = p.stream AND f.stream_id = p.stream_id AND f.version = p.version AND f.occurred_at <> p.occurred_at`;
