import { Injectable } from '@nestjs/common';
import { correlationId } from '../platform/common/request-context.js';
import { DatabaseService } from '../platform/database/database.service.js';

export interface TicketRecord {
  id: string;
  eventId: string;
  bookingId: string;
  bookingCode: string;
  itemId: string;
  code: string;
  holderId: string;
  /** Id of the buyer. */
  buyerId: string;
  generation: number;
  itemStatus: string;
  n: number | null;
  area: number | null;
  price: number;
  currency: string;
  checkedInAt: Date | null;
  gate: string | null;
  issuedAt: Date;
}

const TICKETS = `SELECT t.id, t.event_id AS "eventId", t.booking_id AS "bookingId", b.code AS "bookingCode",
    t.item_id AS "itemId", t.code, t.holder_id AS "holderId", b.user_id AS "buyerId", t.generation,
    i.status AS "itemStatus", i.n, i.area, i.price::float8 AS price, b.currency, t.checked_in_at AS "checkedInAt",
    t.gate, t.issued_at AS "issuedAt"
  FROM ticket t
  JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
  JOIN booking b ON b.event_id = t.event_id AND b.id = t.booking_id`;

type Row = TicketRecord & Record<string, unknown>;

@Injectable()
export class TicketsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Ids of the sold items that have no ticket yet. */
  async missing(eventId: string, bookingId: string): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'ticket.missing',
      `SELECT i.id FROM booking_item i
       WHERE i.event_id = $1 AND i.booking_id = $2 AND i.status = 'confirmed'
         AND NOT EXISTS (SELECT FROM ticket t
           WHERE t.event_id = i.event_id AND t.booking_id = i.booking_id AND t.item_id = i.id)
       ORDER BY i.id`,
      [eventId, bookingId],
    );
    return rows.map(({ id }) => id);
  }

  /** Issues a ticket for each item that is still sold; an item that has got one meanwhile keeps it. */
  async issue(
    eventId: string,
    bookingId: string,
    tickets: readonly { id: string; itemId: string; code: string }[],
  ): Promise<void> {
    await this.database.statement(
      'ticket.issue',
      `WITH made AS (
         INSERT INTO ticket (event_id, id, booking_id, item_id, code, holder_id)
         SELECT $1, w.id, $2, w.item_id, w.code, b.user_id
         FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS w (id, item_id, code)
         JOIN booking_item i ON i.event_id = $1 AND i.booking_id = $2 AND i.id = w.item_id AND i.status = 'confirmed'
         JOIN booking b ON b.event_id = $1 AND b.id = $2
         ON CONFLICT (event_id, booking_id, item_id) DO NOTHING RETURNING id, item_id, holder_id
       )
       INSERT INTO fact (event_id, stream, stream_id, version, type, data, correlation_id)
       SELECT $1, 'ticket', id, 1, 'ticket.issued',
         jsonb_build_object('bookingId', $2::uuid, 'itemId', item_id, 'userId', holder_id), $6 FROM made ORDER BY id`,
      [
        eventId,
        bookingId,
        tickets.map(({ id }) => id),
        tickets.map(({ itemId }) => itemId),
        tickets.map(({ code }) => code),
        correlationId(),
      ],
    );
  }

  /** In the order of the booking's items. */
  ofBooking(eventId: string, bookingId: string): Promise<TicketRecord[]> {
    return this.database.statement<Row>(
      'ticket.of_booking',
      `${TICKETS} WHERE t.event_id = $1 AND t.booking_id = $2 ORDER BY t.item_id`,
      [eventId, bookingId],
    );
  }

  /** Newest first. */
  ofHolder(holderId: string, limit: number, before: string | null): Promise<TicketRecord[]> {
    return this.database.statement<Row>(
      'ticket.of_holder',
      `${TICKETS} WHERE t.holder_id = $1 AND ($2::uuid IS NULL OR t.id < $2) ORDER BY t.id DESC LIMIT $3`,
      [holderId, before, limit],
    );
  }

  async find(id: string): Promise<TicketRecord | undefined> {
    const rows = await this.database.statement<Row>('ticket.find', `${TICKETS} WHERE t.id = $1`, [id]);
    return rows[0];
  }

  /** Bookings of which this person has, or had bought, tickets for an event. */
  async bookingsOf(eventId: string, userId: string): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'ticket.bookings_of',
      `SELECT DISTINCT t.booking_id AS id FROM ticket t
       JOIN booking b ON b.event_id = t.event_id AND b.id = t.booking_id
       WHERE t.event_id = $1 AND (t.holder_id = $2 OR b.user_id = $2) ORDER BY id`,
      [eventId, userId],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Number that grows with every change of a booking, its tickets' holders, its event and venue. Versions alone would
   * fall back after a restore: the seconds from the booking to the restore lift the number above all that were given
   * out before.
   */
  async revision(eventId: string, bookingId: string): Promise<number> {
    const [row] = await this.database.statement<{ revision: number }>(
      'ticket.revision',
      `SELECT (e.version + v.version + b.version
         + (SELECT coalesce(sum(t.generation - 1), 0) FROM ticket t WHERE t.event_id = $1 AND t.booking_id = $2)
         + greatest(0, extract(epoch FROM (SELECT max(restored_at) FROM feed_salt) - b.created_at)))::int AS revision
       FROM booking b JOIN event e ON e.id = b.event_id JOIN venue v ON v.id = e.venue_id
       WHERE b.event_id = $1 AND b.id = $2`,
      [eventId, bookingId],
    );
    return row!.revision;
  }
}
