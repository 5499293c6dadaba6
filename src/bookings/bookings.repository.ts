import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../platform/common/ids.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { BookingEntity } from './booking.entity.js';
import type { BookingStatus, EndReason, ItemStatus } from './booking.rules.js';
import type { NextAction } from './bookings.schemas.js';

/**
 * A booking in its present state: after its deadline it is `expired`, whether or not its row says so yet; while its
 * seats are sold but its money is not captured, it is still `paying`.
 */
export interface BookingRecord
  extends Pick<
    BookingEntity,
    'id' | 'eventId' | 'userId' | 'code' | 'status' | 'expiresAt' | 'currency' | 'total' | 'createdAt'
  > {
  endReason: EndReason | null;
  /** Action the buyer has to take before the payment goes on. */
  nextAction: NextAction | null;
  items: [id: string, status: ItemStatus, n: number | null, area: number | null, price: number][];
}

/** Status of a booking, without its items. */
export type BookingProgress = Pick<
  BookingRecord,
  'id' | 'eventId' | 'userId' | 'code' | 'status' | 'expiresAt'
>;

/** A booking that keeps seats from others and is not paid. */
export type OpenHold = Pick<BookingRecord, 'id' | 'expiresAt'>;

export interface BookingFilter {
  userId: string;
  status?: BookingStatus;
  eventId?: string;
  /** Made at or after. */
  from?: Date;
  /** Made before. */
  to?: Date;
}

const OVERDUE = `b.status IN ('held', 'paying') AND b.expires_at <= clock_timestamp()`;
const OPEN = `b.status IN ('held', 'paying') AND b.expires_at > clock_timestamp()`;
/**
 * Longest life of a hold: two hours, extended once, the time of a payment, and a reserve. Older bookings are skipped.
 */
const LONGEST_HOLD_MS = 6 * 3_600_000;
// The seats are sold before the money moves, and the bank may still refuse: nobody is told of a sale until it has paid.
const UNPAID = `b.status = 'confirmed' AND EXISTS (SELECT FROM payment p WHERE p.booking_id = b.id AND p.status = 'authorized')`;
const STATUS = `CASE WHEN ${OVERDUE} THEN 'expired' WHEN ${UNPAID} THEN 'paying' ELSE b.status END`;
const ITEM_STATUS = `CASE WHEN i.status = 'held' AND ${OVERDUE} THEN 'expired'
  WHEN i.status = 'confirmed' AND ${UNPAID} THEN 'held' ELSE i.status END`;
const CALLED_OFF = 'SELECT e.cancelled_at FROM event e WHERE e.id = b.event_id';
// A booking that was sold and never paid has nothing to give back, and so no refund.
const END_REASON = `CASE
  WHEN ${OVERDUE} OR b.status = 'expired' THEN
    CASE WHEN b.expires_at >= (${CALLED_OFF}) THEN 'event_cancelled' ELSE 'hold_expired' END
  WHEN b.status = 'released' THEN
    (SELECT CASE WHEN f.occurred_at >= (${CALLED_OFF}) THEN 'event_cancelled'
                 WHEN f.actor = b.user_id THEN 'released_by_buyer' ELSE 'released_by_organizer' END
     FROM fact f WHERE f.stream_id = b.id AND f.version = b.version AND f.stream = 'booking')
  WHEN b.status IN ('cancelling', 'cancelled') THEN
    coalesce((SELECT CASE r.cause WHEN 'event' THEN 'event_cancelled' ELSE 'cancelled_by_' || r.cause END
              FROM refund r WHERE r.booking_id = b.id AND r.cause <> 'goodwill' ORDER BY r.id DESC LIMIT 1),
             'payment_not_collected') END`;
const COLUMNS = `b.id, b.event_id AS "eventId", b.user_id AS "userId", b.code, ${STATUS} AS status,
  b.expires_at AS "expiresAt", b.currency, b.total::float8 AS total, b.created_at AS "createdAt",
  ${END_REASON} AS "endReason",
  (SELECT p.next_action FROM payment p WHERE p.booking_id = b.id AND p.status = 'requires_action' AND NOT (${OVERDUE})) AS "nextAction",
  (SELECT json_agg(json_build_array(i.id, ${ITEM_STATUS}, i.n, i.area, i.price) ORDER BY i.id)
   FROM booking_item i WHERE i.event_id = b.event_id AND i.booking_id = b.id) AS items`;
const MATCHES = `b.user_id = $1 AND ($2::text IS NULL OR ${STATUS} = $2) AND ($3::uuid IS NULL OR b.event_id = $3)
  AND ($4::timestamptz IS NULL OR b.created_at >= $4) AND ($5::timestamptz IS NULL OR b.created_at < $5)`;

/** Reads bookings; what changes them is `booking_change_v1`, under the lock of the event's feed row. */
@Injectable()
export class BookingsRepository {
  constructor(private readonly database: DatabaseService) {}

  async find(id: string): Promise<BookingRecord | undefined> {
    const [row] = await this.database.statement<BookingRecord>(
      'booking.find',
      `SELECT ${COLUMNS} FROM booking b WHERE b.id = $1`,
      [id],
    );
    return row;
  }

  progress(ids: readonly string[]): Promise<BookingProgress[]> {
    return this.database.statement<BookingProgress>(
      'booking.progress',
      `SELECT b.id, b.event_id AS "eventId", b.user_id AS "userId", b.code, ${STATUS} AS status, b.expires_at AS "expiresAt"
       FROM booking b WHERE b.id = ANY ($1)`,
      [ids],
    );
  }

  /** Newest first: ids grow with time. */
  list(filter: BookingFilter, limit: number, before: string | null): Promise<BookingRecord[]> {
    return this.database.statement<BookingRecord>(
      'booking.list',
      `SELECT ${COLUMNS} FROM booking b WHERE ${MATCHES} AND ($6::uuid IS NULL OR b.id < $6) ORDER BY b.id DESC LIMIT $7`,
      [...values(filter), before, limit],
    );
  }

  async count(filter: BookingFilter): Promise<number> {
    const [row] = await this.database.statement<{ total: number }>(
      'booking.count',
      `SELECT count(*)::int AS total FROM booking b WHERE ${MATCHES}`,
      values(filter),
    );
    return row!.total;
  }

  /** Holds of this person that are not paid, newest first. */
  openOf(userId: string): Promise<OpenHold[]> {
    return this.database.statement<OpenHold>(
      'booking.open_of',
      `SELECT b.id, b.expires_at AS "expiresAt" FROM booking b
       WHERE b.user_id = $1 AND b.id > $2 AND ${OPEN} ORDER BY b.id DESC LIMIT 1000`,
      [userId, firstIdAt(Date.now() - LONGEST_HOLD_MS)],
    );
  }

  /** Holds among these bookings that are not paid. */
  openAmong(ids: readonly string[]): Promise<OpenHold[]> {
    return this.database.statement<OpenHold>(
      'booking.open_among',
      `SELECT b.id, b.expires_at AS "expiresAt" FROM booking b WHERE b.id = ANY ($1) AND ${OPEN}`,
      [ids],
    );
  }
}

const values = ({ userId, status, eventId, from, to }: BookingFilter) => [
  userId,
  status ?? null,
  eventId ?? null,
  from ?? null,
  to ?? null,
];
