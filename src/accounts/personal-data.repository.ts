import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';

/** Columns that say whose a row is. What has none is nobody's, or is reached through one of these. */
const WHOSE = ['user_id', 'organizer_id', 'holder_id', 'from_id'];
/** Rows that belong to a row of somebody's: table, and the table and column it hangs on. */
const PARTS = [
  { part: 'booking_item', of: 'booking', by: 'booking_id' },
  { part: 'refund', of: 'payment', by: 'payment_id' },
] as const;
/** What lets somebody in, and what is only bookkeeping of the application. */
const KEPT_BACK = ['secret', 'old_secret', 'hash', 'body_hash', 'lease', 'search', 'answer'];
const ROWS_PER_TABLE = 10_000;

export type Rows = Record<string, unknown>[];

/**
 * Everything kept about a person, read from the schema instead of from a list: a table that gets such a column is in the
 * export without anybody thinking of it.
 */
@Injectable()
export class PersonalDataRepository {
  constructor(private readonly database: Database) {}

  /** Rows by table, newest last where the key says so. */
  async all(userId: string): Promise<Record<string, Rows>> {
    return this.database.snapshot(async (client) => {
      const { rows: owned } = await client.query<{ table: string; columns: string[] }>(
        `SELECT c.table_name AS table, array_agg(c.column_name::text) AS columns FROM information_schema.columns c
           JOIN information_schema.tables t USING (table_schema, table_name)
          WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = ANY ($1)
          GROUP BY 1 ORDER BY 1`,
        [WHOSE],
      );
      const found: Record<string, Rows> = {};
      const read = async (table: string, where: string) => {
        const { rows } = await client.query<{ row: Record<string, unknown> }>(
          `SELECT to_jsonb(t) - $2::text[] AS row FROM "${table}" t WHERE ${where} LIMIT ${ROWS_PER_TABLE}`,
          [userId, KEPT_BACK],
        );
        if (rows.length > 0) found[table] = rows.map(({ row }) => row);
      };
      for (const { table, columns } of owned)
        await read(table, columns.map((column) => `t."${column}" = $1::uuid`).join(' OR '));
      for (const { part, of, by } of PARTS)
        await read(part, `t."${by}" IN (SELECT id FROM "${of}" WHERE user_id = $1::uuid)`);
      return found;
    });
  }
}
