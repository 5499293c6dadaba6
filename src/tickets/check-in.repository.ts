import { Injectable } from '@nestjs/common';
import { correlationId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';

/** Who was let in. Each change is one conditional statement: of many scans at once one wins. */
@Injectable()
export class CheckInRepository {
  constructor(private readonly database: Database) {}

  /**
   * Lets a ticket in whose item is sold, which is not in yet, and whose generation is this one, if one is given.
   * @returns when; undefined when any of that does not hold
   */
  async enter(
    eventId: string,
    ticketId: string,
    generation: number | undefined,
    gate: string,
    actor: string,
  ): Promise<Date | undefined> {
    const [row] = await this.database.statement<{ at: Date }>(
      'ticket.enter',
      `WITH entered AS (
         UPDATE ticket t SET checked_in_at = clock_timestamp(), gate = $4, version = t.version + 1
         FROM booking_item i
         WHERE t.event_id = $1 AND t.id = $2 AND t.checked_in_at IS NULL AND t.generation = coalesce($3, t.generation)
           AND i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id AND i.status = 'confirmed'
         RETURNING t.id, t.version, t.checked_in_at
       ), told AS (
         INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
         SELECT $1, 'ticket', id, version, 'ticket.checked_in', jsonb_build_object('gate', $4::text), $5, $6 FROM entered
       )
       SELECT checked_in_at AS at FROM entered`,
      [eventId, ticketId, generation ?? null, gate, actor, correlationId()],
    );
    return row?.at;
  }

  /** @returns false when it was not in */
  async leave(eventId: string, ticketId: string, gate: string, actor: string): Promise<boolean> {
    const rows = await this.database.statement(
      'ticket.leave',
      `WITH left_again AS (
         UPDATE ticket SET checked_in_at = NULL, gate = NULL, version = version + 1
         WHERE event_id = $1 AND id = $2 AND checked_in_at IS NOT NULL RETURNING id, version
       )
       INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
       SELECT $1, 'ticket', id, version, 'ticket.check_in_undone', jsonb_build_object('gate', $3::text), $4, $5
       FROM left_again RETURNING 1`,
      [eventId, ticketId, gate, actor, correlationId()],
    );
    return rows.length > 0;
  }

  /** Good tickets, and those that are in, by gate. */
  async count(eventId: string): Promise<{ gate: string | null; tickets: number }[]> {
    return this.database.statement(
      'ticket.attendance',
      `SELECT t.gate, count(*)::int AS tickets FROM ticket t
       JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
       WHERE t.event_id = $1 AND i.status = 'confirmed' GROUP BY t.gate ORDER BY t.gate`,
      [eventId],
    );
  }
}
