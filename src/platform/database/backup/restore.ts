import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { StartupError } from '../../common/startup-error.js';
import { migrate, migrationNames } from '../migrate.js';
import { migrations } from '../migrations/index.js';
import { createClient, escapeIdentifier } from '../primary.js';
import type { Progress } from './backup.js';
import { type BackupHeader, BackupReader, type BackupTable, checkBackup } from './backup-file.js';
import { advanceSequences, listStoredTables, listTables } from './tables.js';
import { beginAfter, moveCursors, shiftOf } from './transactions.js';

/**
 * Builds a database from a backup beside the existing one, under a name of its own.
 * @param databaseUrl of a database that does not exist yet
 * @throws StartupError in one line when the file is no whole backup, or of a newer release; nothing is left then
 */
export async function build(databaseUrl: string, path: string, progress: Progress): Promise<BackupHeader> {
  progress('Checking the file');
  const { header, rows } = await checkBackup(path);
  const newer = header.migrations.filter((name) => !migrationNames.includes(name));
  if (newer.length > 0)
    throw new StartupError(
      `${path} was made by a newer release (${header.version}): it has ${newer.join(', ')}.`,
    );
  // The tables as they were, so that later migrations convert the rows as they do elsewhere.
  await migrate(databaseUrl, {
    release: migrations.filter((Migration) => header.migrations.includes(new Migration().name)),
  });
  const client = createClient(databaseUrl, { application_name: 'evently-restore' });
  await client.connect();
  try {
    await load(client, header, rows, path, progress);
    await migrate(databaseUrl);
    // Clients that watch an event have seen another history than the restored one.
    await client.query('DELETE FROM feed_salt');
    await client.query('INSERT INTO feed_salt VALUES ($1)', [randomBytes(8).toString('hex')]);
    await client.query('ANALYZE');
  } finally {
    await client.end().catch(() => {});
  }
  return header;
}

async function load(
  client: pg.Client,
  header: BackupHeader,
  rows: Record<string, number>,
  path: string,
  progress: Progress,
): Promise<void> {
  await client.query('SET statement_timeout = 0');
  const cursors = await cursorsOf(path, header);
  await beginAfter(client, header.snapshot, cursors);
  const stored = await listStoredTables(client);
  for (const name of stored) await client.query(`ALTER TABLE ${escapeIdentifier(name)} DISABLE TRIGGER USER`);
  // Rows that migrations have inserted are in the backup too, as they were then.
  for (const { name } of (await listTables(client)).reverse())
    await client.query(`DELETE FROM ${escapeIdentifier(name)}`);
  const shift = await shiftOf(client, header.snapshot);
  const reader = new BackupReader(path);
  try {
    await reader.header();
    for (const table of header.tables) {
      if (table.name === 'fact') await loadFacts(client, table, reader, shift);
      else await copy(client, table.name, table, reader);
      progress(`${table.name.padEnd(28)} ${(rows[table.name] ?? 0).toLocaleString('en').padStart(12)} rows`);
    }
  } finally {
    reader.close();
  }
  await moveCursors(client, shift);
  await advanceSequences(client);
  for (const name of stored) await client.query(`ALTER TABLE ${escapeIdentifier(name)} ENABLE TRIGGER USER`);
  await client.query('COMMIT');
}

const listOf = (columns: readonly string[]) => columns.map((column) => escapeIdentifier(column)).join();

async function copy(
  client: pg.Client,
  into: string,
  { columns }: BackupTable,
  reader: BackupReader,
): Promise<void> {
  const target = client.query(copyFrom(`COPY ${escapeIdentifier(into)} (${listOf(columns)}) FROM STDIN`));
  await pipeline(Readable.from(reader.table(), { objectMode: false }), target);
}

/** Their transactions are numbered anew, which COPY cannot do on the way. */
async function loadFacts(
  client: pg.Client,
  table: BackupTable,
  reader: BackupReader,
  shift: bigint,
): Promise<void> {
  await client.query('CREATE TEMP TABLE fact_given (LIKE fact) ON COMMIT DROP');
  await copy(client, 'fact_given', table, reader);
  const values = table.columns.map((column) =>
    column === 'xid' ? `greatest(xid::text::numeric - ${shift}, 3)::text::xid8` : escapeIdentifier(column),
  );
  await client.query(
    `INSERT INTO fact (${listOf(table.columns)}) OVERRIDING SYSTEM VALUE SELECT ${values.join()} FROM fact_given`,
  );
}

/** Snapshots of the readers of facts, which the file has somewhere in its middle. */
async function cursorsOf(path: string, header: BackupHeader): Promise<string[]> {
  const reader = new BackupReader(path);
  try {
    await reader.header();
    for (const { name, columns } of header.tables) {
      const pieces: Buffer[] = [];
      for await (const piece of reader.table()) if (name === 'fact_cursor') pieces.push(piece);
      if (name !== 'fact_cursor') continue;
      const lines = Buffer.concat(pieces).toString().split('\n').filter(Boolean);
      const [seen, until] = [columns.indexOf('seen'), columns.indexOf('until')];
      return lines.map((line) => line.split('\t')).flatMap((fields) => [fields[seen]!, fields[until]!]);
    }
    return [];
  } finally {
    reader.close();
  }
}
