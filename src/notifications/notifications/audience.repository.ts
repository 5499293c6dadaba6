import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

/** People whom an event concerns. */
@Injectable()
export class AudienceRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * People who were about to buy when the event was cancelled: their holds and payments lived then, whatever their
   * state is now.
   */
  async ofHolds(eventId: string, pos: string, at: Date): Promise<string[]> {
    const rows = await this.database.statement<{ userId: string }>(
      'audience.of_holds',
      `SELECT DISTINCT b.user_id AS "userId" FROM booking b WHERE b.event_id = $1 AND b.expires_at > $3
         AND (b.status IN ('held', 'paying') OR b.status IN ('released', 'expired') AND EXISTS (SELECT FROM fact f
           WHERE f.stream_id = b.id AND f.stream = 'booking' AND f.type IN ('booking.released', 'booking.expired') AND f.pos > $2))`,
      [eventId, pos, at],
    );
    return rows.map(({ userId }) => userId);
  }

  /** Published events at a venue that are not over. */
  async ofVenue(venueId: string): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'audience.of_venue',
      `SELECT id FROM event WHERE venue_id = $1 AND status = 'published' AND ends_at > clock_timestamp() ORDER BY id`,
      [venueId],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * People who had a booking, or a ticket from somebody else, when the fact at `pos` was written: the cancellation of
   * an event ends its bookings before everyone is told.
   */
  async ofEvent(eventId: string, pos: string): Promise<string[]> {
    const rows = await this.database.statement<{ userId: string }>(
      'audience.of_event',
      `WITH live AS (
         SELECT b.id, b.user_id FROM booking b WHERE b.event_id = $1 AND (b.status IN ('confirmed', 'cancelling')
           OR b.status = 'cancelled' AND EXISTS (SELECT FROM fact f WHERE f.stream_id = b.id AND f.stream = 'booking'
             AND f.type = 'booking.cancelling' AND f.pos > $2))
       )
       SELECT user_id AS "userId" FROM live
       UNION SELECT t.holder_id FROM ticket t JOIN live ON t.event_id = $1 AND t.booking_id = live.id`,
      [eventId, pos],
    );
    return rows.map(({ userId }) => userId);
  }

  /** Published events that begin within so many hours. */
  async soon(hours: number): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'audience.soon',
      `SELECT id FROM event WHERE status = 'published' AND starts_at > clock_timestamp()
         AND starts_at <= clock_timestamp() + make_interval(hours => $1)`,
      [hours],
    );
    return rows.map(({ id }) => id);
  }

  /** People who go to the event, have had no reminder of this start and have not booked only just now. */
  async unreminded(eventId: string, startsAt: Date, hours: number, limit: number): Promise<string[]> {
    const rows = await this.database.statement<{ userId: string }>(
      'audience.unreminded',
      `SELECT DISTINCT p.user_id AS "userId" FROM (
         SELECT b.user_id FROM booking b JOIN event e ON e.id = b.event_id
         WHERE b.event_id = $1 AND b.status = 'confirmed' AND b.created_at <= e.starts_at - make_interval(hours => $3)
         UNION ALL
         SELECT t.holder_id FROM ticket t
         JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
         WHERE t.event_id = $1 AND i.status = 'confirmed' AND t.generation > 1
       ) AS p (user_id)
       JOIN app_user u ON u.id = p.user_id AND u.deleted_at IS NULL
       WHERE NOT EXISTS (SELECT FROM notification n WHERE n.user_id = p.user_id AND n.event_id = $1 AND n.kind = 'event.reminder'
         AND n.data ->> 'startsAt' = $2) LIMIT $4`,
      [eventId, startsAt.toISOString(), hours, limit],
    );
    return rows.map(({ userId }) => userId);
  }
}
