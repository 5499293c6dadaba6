import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { AnyFact } from '../platform/facts/fact-map.js';
import { SALE_FACTS } from './sale.rules.js';
import { COUNTERS, HOURLY, type Tally } from './tally.js';

export const ROLLUP_TABLES = ['sales_day', 'sales_hour', 'sales_minute', 'sales_place', 'sales_return'];

/** Adds up what was given for the same row of a table, and adds that to the row. */
const into = (table: string, key: Record<string, string>, counters: readonly string[], from: string) => {
  const columns = [...Object.keys(key), ...counters].join(', ');
  const sums = counters.map((c) => `coalesce(sum(${c}), 0)`).join(', ');
  const added = counters.map((c) => `${c} = t.${c} + excluded.${c}`).join(', ');
  return `INSERT INTO ${table} AS t (${columns})
    SELECT ${Object.values(key).join(', ')}, ${sums} FROM ${from} GROUP BY ${Object.keys(key).map((_, i) => i + 1)}
    ON CONFLICT (${Object.keys(key)}) DO UPDATE SET ${added}`;
};
const typed = (counters: readonly string[]) => counters.map((c) => `${c} bigint`).join(', ');

const instant = `to_timestamp(at / 1000)`;
const day = `(${instant} AT TIME ZONE timezone)::date`;
const PLACE = ['sold', 'returned'];
const RETURN = ['refunds', 'tickets', 'amount'];

/** One statement for any number of facts: with a thousand of them it takes 10 to 20 ms. */
const ADD = `
WITH sales AS MATERIALIZED (
  SELECT s.*, zone_or_utc_v1(e.timezone) AS timezone FROM json_to_recordset($1) AS s (event uuid, at bigint, ${typed(COUNTERS)})
  JOIN event e ON e.id = s.event
), places AS (
  SELECT p.event, p.n IS NULL AS is_area, coalesce(p.area, s.section) AS no, ${PLACE.map((c) => `p.${c}`)}
  FROM json_to_recordset($3) AS p (event uuid, n int, area smallint, ${typed(PLACE)})
  LEFT JOIN seat s ON s.event_id = p.event AND s.n = p.n
), returns AS (
  SELECT r.event, r.at, c.cause, zone_or_utc_v1(e.timezone) AS timezone, ${RETURN.map((c) => `r.${c}`)}
  FROM json_to_recordset($4) AS r (event uuid, at bigint, refund uuid, booking uuid, item uuid, ${typed(RETURN)})
  JOIN event e ON e.id = r.event
  CROSS JOIN LATERAL (
    SELECT cause FROM refund WHERE id = r.refund
    UNION ALL SELECT cause FROM refund WHERE booking_id = r.booking AND r.item = ANY (items)) c
), days AS (
  ${into('sales_day', { event_id: 'event', day }, COUNTERS, 'sales')}
), hours AS (
  ${into('sales_hour', { event_id: 'event', hour: `date_trunc('hour', ${instant}, timezone)` }, HOURLY, 'sales')}
), minutes AS (
  ${into(
    'sales_minute',
    { event_id: 'event', minute: instant },
    ['sold', 'returned'],
    'json_to_recordset($2) AS m (event uuid, at bigint, sold int, returned int)',
  )}
), by_place AS (
  ${into('sales_place', { event_id: 'event', is_area: 'is_area', no: 'no' }, PLACE, 'places')}
)
${into('sales_return', { event_id: 'event', day, cause: 'cause' }, RETURN, 'returns')}`;

/** The tables that the analytics read. */
@Injectable()
export class RollupsRepository {
  /** Facts of bookings and of entries of the waitlist, by stream, oldest first. */
  async histories(tx: Tx, ids: readonly string[]): Promise<Map<string, AnyFact[]>> {
    const histories = new Map<string, AnyFact[]>();
    if (ids.length === 0) return histories;
    const facts: AnyFact[] = await tx.query(
      `SELECT stream, stream_id AS "streamId", version, type, data, occurred_at AS "occurredAt" FROM fact
        WHERE stream_id = ANY ($1) AND stream IN ('booking', 'waitlist')
          AND (type = ANY ($2) OR type = 'waitlist.joined')
        ORDER BY stream_id, version`,
      [ids, SALE_FACTS],
    );
    for (const fact of facts) {
      const known = histories.get(fact.streamId);
      if (known) known.push(fact);
      else histories.set(fact.streamId, [fact]);
    }
    return histories;
  }

  async add(tx: Tx, tally: Tally): Promise<void> {
    const { sales, minutes, places, returns } = tally.lists();
    const values = [sales, minutes, places, returns].map((list) => JSON.stringify(list));
    await tx.query(ADD, values);
  }

  /** Counts the seats of `seats.blocked` and `seats.unblocked`, which may be thousands, where they are. */
  async block(tx: Tx, facts: readonly AnyFact[]): Promise<void> {
    await tx.query(
      `INSERT INTO sales_place AS t (event_id, is_area, no, blocked)
       SELECT s.event_id, false, s.section, sum(b.change)
       FROM (
         SELECT given.event, n::int AS n, sum(CASE f.type WHEN 'seats.blocked' THEN 1 ELSE -1 END) AS change
         FROM unnest($1::uuid[], $2::int[]) AS given (event, version)
         JOIN fact f ON f.stream_id = given.event AND f.version = given.version AND f.stream = 'inventory'
         CROSS JOIN LATERAL jsonb_array_elements_text(f.data -> 'seats') AS n
         GROUP BY given.event, n) b
       JOIN seat s ON s.event_id = b.event AND s.n = b.n
       GROUP BY s.event_id, s.section
       ON CONFLICT (event_id, is_area, no) DO UPDATE SET blocked = t.blocked + excluded.blocked`,
      [facts.map(({ streamId }) => streamId), facts.map(({ version }) => version)],
    );
  }

  /** Notes how many seats and places there are. */
  async open(tx: Tx, eventIds: readonly string[]): Promise<void> {
    await tx.query(
      `INSERT INTO sales_place (event_id, is_area, no, capacity)
       SELECT event_id, false, section, count(*) FROM seat WHERE event_id = ANY ($1) GROUP BY event_id, section
       UNION ALL
       SELECT event_id, true, area, capacity FROM area WHERE event_id = ANY ($1)
       ON CONFLICT (event_id, is_area, no) DO UPDATE SET capacity = excluded.capacity`,
      [eventIds],
    );
  }
}
