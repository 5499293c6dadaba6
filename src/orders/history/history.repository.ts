import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { StreamName } from '../../platform/facts/facts.service.js';

@Injectable()
export class HistoryRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Streams of facts that belong to a booking, its own included. */
  async streams(bookingId: string): Promise<StreamName[]> {
    const rows = await this.database.statement<{ stream: string; id: string }>(
      'history.streams',
      `SELECT 'booking' AS stream, $1::uuid AS id
       UNION ALL SELECT 'payment', id FROM payment WHERE booking_id = $1
       UNION ALL SELECT 'refund', id FROM refund WHERE booking_id = $1
       UNION ALL SELECT 'ticket', t.id FROM ticket t JOIN booking b ON b.event_id = t.event_id AND b.id = t.booking_id
                  WHERE b.id = $1`,
      [bookingId],
    );
    return rows.map(({ stream, id }) => [stream, id]);
  }
}
