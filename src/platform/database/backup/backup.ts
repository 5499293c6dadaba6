import { to as copyTo } from 'pg-copy-streams';
import { VERSION } from '../../common/version.js';
import { createClient, escapeIdentifier } from '../primary.js';
import { BackupWriter } from './backup-file.js';
import { listTables } from './tables.js';

export type Progress = (line: string) => void;

/**
 * Writes all rows, as of one moment, to a file. Sales go on meanwhile and wait for nothing.
 * @param ticketKeys names of the keys that verify tickets
 * @returns rows by table
 */
export async function backUp(
  databaseUrl: string,
  path: string,
  ticketKeys: readonly string[],
  progress: Progress,
): Promise<number> {
  const client = createClient(databaseUrl, { application_name: 'evently-backup' });
  await client.connect();
  const writer = new BackupWriter(path);
  try {
    await client.query('SET statement_timeout = 0');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = await listTables(client);
    const { rows } = await client.query(
      `SELECT pg_current_snapshot()::text AS snapshot, array_agg(name::text ORDER BY timestamp) AS migrations FROM migrations`,
    );
    await writer.begin({
      format: 1,
      version: VERSION,
      takenAt: new Date().toISOString(),
      ...(rows[0] as { snapshot: string; migrations: string[] }),
      ticketKeys,
      tables,
    });
    let total = 0;
    for (const { name, columns } of tables) {
      const list = columns.map((column) => escapeIdentifier(column)).join();
      const count = await writer.table(
        name,
        client.query(copyTo(`COPY (SELECT ${list} FROM ${escapeIdentifier(name)}) TO STDOUT`)),
      );
      total += count;
      progress(`${name.padEnd(28)} ${count.toLocaleString('en').padStart(12)} rows`);
    }
    await writer.end();
    return total;
  } catch (error) {
    await writer.discard();
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
