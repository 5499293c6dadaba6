import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SEAT } from '../../platform/common/seat-states.js';

/** Facts tell times to the millisecond, which is what the API shows. */
const ms = (column: string) => `date_trunc('milliseconds', ${column}) AS ${column}`;

/** Rows of the tables as facts can give them: seats and places kept for the waitlist for a minute count as free. */
const STANDING = {
  booking: `SELECT id, user_id, code, status, ${ms('expires_at')}, ${ms('held_until')}, extended, tries, entry_id, currency,
      total, version, ${ms('created_at')} FROM booking WHERE event_id = $1`,
  booking_item: 'SELECT booking_id, id, n, area, price, status FROM booking_item WHERE event_id = $1',
  seat: `SELECT n, CASE WHEN kept THEN 0 ELSE state END AS state, category, section, run, accessible, booking_id,
      CASE WHEN NOT kept THEN date_trunc('milliseconds', hold_until) END AS hold_until
    FROM (SELECT *, state = ${SEAT.HELD} AND booking_id IS NULL AS kept FROM seat WHERE event_id = $1) s`,
  area: `SELECT area, name, capacity, held - coalesce((SELECT sum(quantity)::int FROM area_kept k
      WHERE k.event_id = a.event_id AND k.area = a.area), 0) AS held, booked FROM area a WHERE event_id = $1`,
};
export type ReplayedTable = keyof typeof STANDING;
export const REPLAYED_TABLES = Object.keys(STANDING) as ReplayedTable[];
const KEYS: Record<ReplayedTable, string> = { booking: 'id', booking_item: 'id', seat: 'n', area: 'area' };
const NO_EVENT = '00000000-0000-0000-0000-000000000000';

/** Row that differs between the facts and the tables; null on the side where it is missing. */
export interface Difference {
  readonly table: ReplayedTable;
  readonly key: string;
  readonly told: object | null;
  readonly stands: object | null;
}

export interface Compared {
  readonly rows: number;
  readonly different: number;
  readonly examples: Difference[];
}

/** Temporary tables of a replay beside the real ones; they end with the connection. */
@Injectable()
export class ReplayRepository {
  /** Creates the temporary tables; must be the first statement of the snapshot. */
  async prepare(client: pg.ClientBase): Promise<void> {
    await client.query('SET TRANSACTION READ WRITE');
    for (const table of REPLAYED_TABLES)
      await client.query(
        `CREATE TEMP TABLE replayed_${table} ON COMMIT DROP AS
         ${STANDING[table].replaceAll('$1', `'${NO_EVENT}'::uuid`)} LIMIT 0`,
      );
  }

  async fill(client: pg.ClientBase, table: ReplayedTable, rows: readonly object[]): Promise<void> {
    await client.query(`TRUNCATE pg_temp.replayed_${table}`);
    await client.query(
      `INSERT INTO pg_temp.replayed_${table}
       SELECT * FROM jsonb_populate_recordset(NULL::pg_temp.replayed_${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }

  /** Compares row by row. @param most how many differences to list */
  async compare(
    client: pg.ClientBase,
    table: ReplayedTable,
    eventId: string,
    most: number,
  ): Promise<Compared> {
    const key = KEYS[table];
    const { rows } = await client.query(
      `WITH compared AS (
         SELECT coalesce(t.${key}, s.${key})::text AS key, to_jsonb(t) AS told, to_jsonb(s) AS stands
         FROM pg_temp.replayed_${table} t FULL JOIN (${STANDING[table]}) s ON t.${key} = s.${key}
       ), different AS (SELECT * FROM compared WHERE told IS DISTINCT FROM stands)
       SELECT (SELECT count(*)::int FROM compared) AS rows, (SELECT count(*)::int FROM different) AS different,
         (SELECT jsonb_agg(d) FROM (SELECT * FROM different ORDER BY key LIMIT $2) d) AS examples`,
      [eventId, most],
    );
    const { examples, ...counts } = rows[0];
    return { ...counts, examples: (examples ?? []).map((one: object) => ({ table, ...one })) };
  }

  /** Events that have an inventory. */
  async events(client: pg.ClientBase, eventId: string | null): Promise<string[]> {
    const { rows } = await client.query(
      'SELECT event_id FROM inventory WHERE $1::uuid IS NULL OR event_id = $1 ORDER BY event_id',
      [eventId],
    );
    return rows.map(({ event_id }) => event_id);
  }

  /**
   * Number of seats and places kept for the waitlist. No fact mentions them: they end by themselves within a minute.
   */
  async countReserved(client: pg.ClientBase, eventId: string): Promise<number> {
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM seat WHERE event_id = $1 AND state = ${SEAT.HELD} AND booking_id IS NULL)::int
            + (SELECT coalesce(sum(quantity), 0) FROM area_kept WHERE event_id = $1)::int AS reserved`,
      [eventId],
    );
    return rows[0].reserved;
  }
}
