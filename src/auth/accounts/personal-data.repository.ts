import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

/**
 * Columns that name the person to whom a row belongs. A table without one holds nobody's data, or is reached through a table
 * with one. Rows with an `organizer_id` are the organisation's, also where its id is that of the person who founded it, and
 * so are its keys and invitations, whoever made them.
 */
const WHOSE = ['user_id', 'holder_id', 'from_id'];
/** Tables whose rows belong to a person's row: the table, and the table and column it refers to. */
const PARTS = [
  { part: 'booking_item', of: 'booking', by: 'booking_id' },
  { part: 'refund', of: 'payment', by: 'payment_id' },
] as const;
/** Columns left out of an export: secrets that grant access, and the application's own bookkeeping. */
const KEPT_BACK = ['secret', 'old_secret', 'hash', 'body_hash', 'lease', 'search', 'answer'];
const ROWS_PER_TABLE = 10_000;

export type Rows = Record<string, unknown>[];

/**
 * Everything kept about a person, read from the schema instead of from a list: a table that gets such a column is in
 * the export without anybody thinking of it.
 */
@Injectable()
export class PersonalDataRepository {
  constructor(private readonly database: DatabaseService) {}

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
