import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AnyFact } from '../../platform/facts/fact-map.js';
import type { Layout } from '../../venues/layout.js';

const PAGE = 5_000;
const COLUMNS = `f.pos::text, f.event_id AS "eventId", f.stream, f.stream_id AS "streamId", f.version, f.type, f.data,
  f.actor, f.correlation_id AS "correlationId", f.occurred_at AS "occurredAt"`;

/** Facts about seats and who has them. */
const KINDS = [
  'booking.%',
  'seats.%',
  'waitlist.offered',
  'event.created',
  'event.updated',
  'event.published',
];

/** The connection of one repeatable-read snapshot. */
export type Snapshot = pg.ClientBase;

/** All facts of one event about its seats, in the order of their streams and in order within each. */
export interface EventFacts {
  readonly eventId: string;
  readonly facts: AnyFact[];
}

/** Facts of whole events, within a snapshot of the caller's. */
@Injectable()
export class EventFactsRepository {
  constructor(private readonly database: DatabaseService) {}

  snapshot<T>(read: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    return this.database.longSnapshot(read);
  }

  /**
   * Reads facts event by event, or those of the named event. Facts have no index by event: this reads all of them once.
   */
  async *byEvent(client: pg.ClientBase, eventId: string | null): AsyncGenerator<EventFacts> {
    await client.query(
      `DECLARE replayed NO SCROLL CURSOR FOR SELECT ${COLUMNS} FROM fact f
        WHERE f.event_id IS NOT NULL AND ($1::uuid IS NULL OR f.event_id = $1) AND f.type LIKE ANY ($2)
        ORDER BY f.event_id, f.stream, f.stream_id, f.version`,
      [eventId, KINDS],
    );
    let event: EventFacts | undefined;
    for (;;) {
      const { rows } = await client.query<AnyFact>(`FETCH ${PAGE} FROM replayed`);
      for (const fact of rows) {
        if (event?.eventId !== fact.eventId) {
          if (event) yield event;
          event = { eventId: fact.eventId!, facts: [] };
        }
        event.facts.push(fact);
      }
      if (rows.length < PAGE) break;
    }
    if (event) yield event;
    await client.query('CLOSE replayed');
  }

  /**
   * Facts of one event up to a moment, found by the ids of its bookings. @param streams streams to read; all when
   * absent
   */
  async until(
    client: pg.ClientBase,
    eventId: string,
    at: Date,
    streams: readonly string[] = ['booking', 'inventory', 'event'],
  ): Promise<AnyFact[]> {
    const facts: AnyFact[] = [];
    await client.query(
      `DECLARE past NO SCROLL CURSOR FOR
       SELECT ${COLUMNS} FROM booking b JOIN fact f ON f.stream_id = b.id AND f.stream = 'booking'
        WHERE 'booking' = ANY ($3::text[]) AND b.event_id = $1 AND b.created_at <= $2 AND f.occurred_at <= $2
       UNION ALL
       SELECT ${COLUMNS} FROM fact f
        WHERE f.stream_id = $1 AND f.stream = ANY ($3) AND f.stream <> 'booking' AND f.occurred_at <= $2
       ORDER BY 3, 4, 5`,
      [eventId, at, streams],
    );
    for (;;) {
      const { rows } = await client.query<AnyFact>(`FETCH ${PAGE} FROM past`);
      facts.push(...rows);
      if (rows.length < PAGE) return facts;
    }
  }

  /** Layout of a plan. Facts name seats by their numbers in the plan, which never changes. */
  async layout(client: pg.ClientBase, planId: string): Promise<Layout> {
    const { rows } = await client.query('SELECT layout FROM seating_plan WHERE id = $1', [planId]);
    if (!rows[0]) throw new Error(`The facts name the seating plan ${planId}, which is not there.`);
    return rows[0].layout;
  }
}
