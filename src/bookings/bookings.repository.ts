import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { BookingStatus, ItemStatus } from './booking.rules.js';

/** A booking as it is now: one whose time is over is `expired`, whether or not its row says so yet. */
export interface BookingRecord {
  id: string;
  eventId: string;
  userId: string;
  code: string;
  status: BookingStatus;
  expiresAt: Date;
  currency: string;
  total: number;
  createdAt: Date;
  items: [id: string, status: ItemStatus, n: number | null, area: number | null, price: number][];
}

/** How far a booking is, without what is in it. */
export type BookingProgress = Pick<
  BookingRecord,
  'id' | 'eventId' | 'userId' | 'code' | 'status' | 'expiresAt'
>;

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
const STATUS = `CASE WHEN ${OVERDUE} THEN 'expired' ELSE b.status END`;
const ITEM_STATUS = `CASE WHEN i.status = 'held' AND ${OVERDUE} THEN 'expired' ELSE i.status END`;
const COLUMNS = `b.id, b.event_id AS "eventId", b.user_id AS "userId", b.code, ${STATUS} AS status,
  b.expires_at AS "expiresAt", b.currency, b.total::float8 AS total, b.created_at AS "createdAt",
  (SELECT json_agg(json_build_array(i.id, ${ITEM_STATUS}, i.n, i.area, i.price) ORDER BY i.id)
   FROM booking_item i WHERE i.event_id = b.event_id AND i.booking_id = b.id) AS items`;
const MATCHES = `b.user_id = $1 AND ($2::text IS NULL OR ${STATUS} = $2) AND ($3::uuid IS NULL OR b.event_id = $3)
  AND ($4::timestamptz IS NULL OR b.created_at >= $4) AND ($5::timestamptz IS NULL OR b.created_at < $5)`;

/** Reads bookings; what changes them is `booking_change_v1`, under the lock of the event's feed row. */
@Injectable()
export class BookingsRepository {
  constructor(private readonly database: Database) {}

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
}

const values = ({ userId, status, eventId, from, to }: BookingFilter) => [
  userId,
  status ?? null,
  eventId ?? null,
  from ?? null,
  to ?? null,
];
