import { Injectable } from '@nestjs/common';
import { SEAT } from '../../platform/common/seat-states.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { BookingChange, ChangeResult } from '../memory/feed.js';

@Injectable()
export class ChangesRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Counts the free seats and places that have a price, and those sold, for at most `limit` events whose feed has moved on since they were
   * last counted. Seats and seq come from one snapshot.
   * @returns how many events were counted
   */
  async recountFreePlaces(limit: number): Promise<number> {
    const rows = await this.database.statement(
      'inventory.recount',
      `WITH due AS (
         SELECT i.event_id, i.seq FROM inventory i JOIN event_listing l ON l.event_id = i.event_id
         WHERE i.seq <> l.counted_seq LIMIT $1)
       UPDATE event_listing l SET counted_seq = due.seq, sold_places =
         (SELECT count(*) FROM seat s WHERE s.event_id = due.event_id AND s.state = ${SEAT.BOOKED})
         + (SELECT coalesce(sum(a.booked), 0) FROM area a WHERE a.event_id = due.event_id),
       free_places =
         (SELECT count(*) FROM seat s JOIN price_tier t ON t.event_id = s.event_id AND t.category = s.category
          WHERE s.event_id = due.event_id AND s.state = ${SEAT.FREE})
         + (SELECT coalesce(sum(a.capacity - a.held - a.booked), 0)
            FROM area a JOIN price_tier t ON t.event_id = a.event_id AND t.area = a.area WHERE a.event_id = due.event_id)
       FROM due WHERE l.event_id = due.event_id RETURNING l.event_id`,
      [limit],
    );
    return rows.length;
  }

  /** Ends up to `limit` overdue bookings of an event. */
  async sweep(eventId: string, since: number, limit: number): Promise<ChangeResult> {
    return this.database.call('inventory.sweep', 'SELECT inventory_sweep_v1($1, $2, $3) AS result', [
      eventId,
      since,
      limit,
    ]);
  }

  /** Events that have overdue bookings; reads the partial index only. */
  async overdueEvents(limit: number): Promise<string[]> {
    const rows = await this.database.statement<{ event_id: string }>(
      'inventory.overdue',
      `SELECT DISTINCT event_id FROM booking WHERE status IN ('held', 'paying') AND expires_at <= clock_timestamp() LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.event_id);
  }

  /** Blocks or unblocks at most 1,000 seats. Outcomes: ok, event_not_on_sale, unknown_seats, seats_not_blockable. */
  block(
    eventId: string,
    since: number,
    seats: number[],
    block: boolean,
    actor: string,
    correlation: string | null,
  ): Promise<ChangeResult> {
    return this.database.call('inventory.block', 'SELECT seats_block_v1($1, $2, $3, $4, $5, $6) AS result', [
      eventId,
      since,
      seats,
      block,
      actor,
      correlation,
    ]);
  }

  /** Runs one transition of a booking; see booking_change_v1 and booking_extend_v1 for the actions and outcomes. */
  changeBooking(change: BookingChange, since: number): Promise<ChangeResult> {
    const { eventId, bookingId, action, userId, actor, correlationId } = change;
    if (action === 'extend')
      return this.database.call(
        'booking.extend',
        'SELECT booking_extend_v1($1, $2, $3, $4, $5, $6) AS result',
        [eventId, bookingId, userId, since, actor, correlationId],
      );
    return this.database.call(
      'booking.change',
      'SELECT booking_change_v1($1, $2, $3, $4, $5, $6, $7, $8, $9) AS result',
      [
        eventId,
        bookingId,
        action,
        userId,
        change.items ?? null,
        change.seconds ?? 0,
        since,
        actor,
        correlationId,
      ],
    );
  }
}
