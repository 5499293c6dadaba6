import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

/** Fact about one seat. */
export interface SeatFact {
  readonly pos: string;
  readonly type: string;
  readonly at: Date;
  readonly bookingId: string | null;
  readonly actor: string | null;
}

/** `seat_feed`, and the facts behind it. */
@Injectable()
export class FeedRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Seats and areas touched in (since, until]; undefined when the feed does not go back that far any more. Only what
   * was touched, since the states are in memory: a day of changes is never more than one number a seat.
   */
  async touched(
    eventId: string,
    since: number,
    until: number,
  ): Promise<{ seats: number[]; areas: number[] } | undefined> {
    const [row] = await this.database.statement<{ rows: number; seats: number[]; areas: number[] }>(
      'seat_feed.touched',
      `WITH feed AS MATERIALIZED (
         SELECT changes, areas FROM seat_feed WHERE event_id = $1 AND seq > $2 AND seq <= $3
       )
       SELECT (SELECT count(*)::int FROM feed) AS rows,
         ARRAY(SELECT DISTINCT change >> 2 FROM feed, unnest(changes) AS change) AS seats,
         ARRAY(SELECT DISTINCT areas[i] FROM feed, generate_series(1, cardinality(areas), 3) AS i) AS areas`,
      [eventId, since, until],
    );
    return row!.rows === until - since ? row : undefined;
  }

  /** Events that have a feed. */
  async events(): Promise<string[]> {
    const rows = await this.database.statement<{ event_id: string }>(
      'seat_feed.events',
      'SELECT event_id FROM inventory',
    );
    return rows.map((row) => row.event_id);
  }

  /**
   * Looks at the `piece` oldest rows of an event and deletes those that are older than `hours` or not among the newest
   * `keep`.
   * @returns how many: fewer than `piece` when nothing is left to do
   */
  async trim(eventId: string, hours: number, keep: number, piece: number): Promise<number> {
    const [row] = await this.database.statement<{ deleted: number }>(
      'seat_feed.trim',
      `WITH oldest AS (
         SELECT seq, at FROM seat_feed WHERE event_id = $1 ORDER BY seq LIMIT $4
       ), gone AS (
         DELETE FROM seat_feed f USING oldest o, inventory i
         WHERE f.event_id = $1 AND f.seq = o.seq AND i.event_id = $1
           AND (o.seq <= i.seq - $3 OR o.at < clock_timestamp() - make_interval(hours => $2))
         RETURNING 1
       )
       SELECT count(*)::int AS deleted FROM gone`,
      [eventId, hours, keep, piece],
    );
    return row!.deleted;
  }

  /** Facts about a seat, newest first, those before `pos` when given. */
  async history(eventId: string, n: number, limit: number, before: string | null): Promise<SeatFact[]> {
    return this.database.statement<SeatFact & Record<string, unknown>>(
      'seat_feed.history',
      `SELECT pos::text, type, occurred_at AS at, booking_id AS "bookingId", actor FROM (
         SELECT f.pos, f.type, f.occurred_at, i.booking_id, f.actor
         FROM booking_item i JOIN fact f ON f.stream = 'booking' AND f.stream_id = i.booking_id
         WHERE i.event_id = $1 AND i.n = $2
           -- a cancellation may name some items of a booking only
           AND (f.type NOT IN ('booking.cancelling', 'booking.cancelled') OR NOT f.data ? 'items' OR f.data -> 'items' ? i.id::text)
         UNION ALL
         SELECT f.pos, f.type, f.occurred_at, NULL, f.actor
         FROM fact f WHERE f.stream = 'inventory' AND f.stream_id = $1 AND f.data -> 'seats' @> to_jsonb($2::int)
       ) AS told
       WHERE $3::bigint IS NULL OR pos < $3 ORDER BY told.pos DESC LIMIT $4`,
      [eventId, n, before, limit],
    );
  }
}
