import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DatabaseService } from '../../platform/database/database.service.js';

/** Part of an event's feed up to a moment. */
export interface PastFeed {
  readonly epoch: string;
  readonly publishedAt: Date;
  /** The last change up to the moment; 0 when there had been none, and when it is no longer in the feed. */
  readonly seq: number;
  readonly priceVersion: number;
  /** True when the feed still has the event's first change: then no other source is needed. */
  readonly whole: boolean;
  /** Last state of every seat touched up to the moment, as n * 4 + state. */
  readonly changes: readonly number[];
  /** Last counters of every area touched up to the moment. */
  readonly areas: readonly (readonly [number, number, number])[];
}

@Injectable()
export class PastSeatsRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Waits until every change of an event with a time up to now is committed: changes read the clock under the lock of
   * the feed row. @returns whether `at` has come; undefined for an event without inventory
   */
  async settled(eventId: string, at: Date): Promise<boolean | undefined> {
    const [row] = await this.database.statement<{ come: boolean }>(
      'past_seats.settled',
      'SELECT $2::timestamptz <= clock_timestamp() AS come FROM inventory WHERE event_id = $1 FOR SHARE',
      [eventId, at],
    );
    return row?.come;
  }

  async feed(client: pg.ClientBase, eventId: string, at: Date): Promise<PastFeed> {
    const { rows } = await client.query(
      `WITH last AS (
         SELECT seq, price_version FROM seat_feed WHERE event_id = $1 AND at <= $2 ORDER BY seq DESC LIMIT 1
       )
       SELECT feed_epoch_v1() AS epoch, e.published_at AS "publishedAt",
         coalesce((SELECT seq FROM last)::int, 0) AS seq,
         coalesce((SELECT price_version FROM last), CASE WHEN f.whole THEN 1 ELSE 0 END) AS "priceVersion", f.whole,
         ARRAY(SELECT DISTINCT ON (change >> 2) change FROM seat_feed, unnest(changes) AS change
               WHERE event_id = $1 AND seq <= (SELECT seq FROM last) ORDER BY change >> 2, seq DESC) AS changes,
         (SELECT jsonb_agg(jsonb_build_array(area, held, booked)) FROM (
            SELECT DISTINCT ON (areas[i]) areas[i] AS area, areas[i + 1] AS held, areas[i + 2] AS booked
            FROM seat_feed, generate_series(1, cardinality(areas), 3) AS i
            WHERE event_id = $1 AND seq <= (SELECT seq FROM last) ORDER BY areas[i], seq DESC) a) AS areas
       FROM event e JOIN inventory i ON i.event_id = e.id
         CROSS JOIN LATERAL (SELECT i.seq = 0 OR EXISTS (
           SELECT FROM seat_feed WHERE event_id = e.id AND seq = 1) AS whole) f
       WHERE e.id = $1`,
      [eventId, at],
    );
    const { areas, ...found } = rows[0];
    return { ...found, areas: areas ?? [] };
  }
}
