import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';

/** Whom an event concerns. */
@Injectable()
export class AudienceRepository {
  constructor(private readonly database: Database) {}

  /**
   * Who had a booking, or a ticket of another's, when the fact at `pos` was written: the cancellation of an event ends its
   * bookings before everyone is told.
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

  /** Who goes to the event, has not been told so and has not booked only just now. */
  async unreminded(eventId: string, cause: string, hours: number, limit: number): Promise<string[]> {
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
       WHERE NOT EXISTS (SELECT FROM notification n WHERE n.user_id = p.user_id AND n.cause = $2) LIMIT $4`,
      [eventId, cause, hours, limit],
    );
    return rows.map(({ userId }) => userId);
  }
}
