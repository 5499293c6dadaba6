import type pg from 'pg';
import { databaseErrorCode } from '../../common/database-errors.js';
import { StartupError } from '../../common/startup-error.js';
import { createClient, escapeIdentifier } from '../primary.js';
import { listTables } from './tables.js';

const UNKNOWN_DATABASE = '3D000';

/** The same server with another database. */
export const inDatabase = (databaseUrl: string, name: string): string =>
  databaseUrl.replace(/^(\w+:\/\/[^/?#]*)(\/[^?#]*)?/, `$1/${encodeURIComponent(name)}`);

/** Errors: StartupError when the URL names no database. */
export function databaseName(databaseUrl: string): string {
  const name = /^\w+:\/\/[^/?#]*\/([^?#]+)/.exec(databaseUrl)?.[1];
  if (!name) throw new StartupError('DATABASE_URL names no database: let it end with one, such as /evently.');
  return decodeURIComponent(name);
}

export async function onServer<T>(databaseUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = createClient(inDatabase(databaseUrl, 'postgres'), { application_name: 'evently-restore' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end().catch(() => {});
  }
}

/** Whether there is no such database, or nothing in it. */
export async function isEmpty(databaseUrl: string): Promise<boolean> {
  const client = createClient(databaseUrl);
  try {
    await client.connect();
    return (await listTables(client)).length === 0;
  } catch (error) {
    if (databaseErrorCode(error) === UNKNOWN_DATABASE) return true;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Errors: StartupError while anybody uses the database. */
export async function refuseWhileUsed(admin: pg.Client, name: string): Promise<void> {
  const { rows } = await admin.query(
    `SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), 'unnamed'), ', ') AS who, count(*)::int AS count
       FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    [name],
  );
  if (rows[0].count > 0)
    throw new StartupError(
      `The database ${name} is in use (${rows[0].count} connections: ${rows[0].who}): stop Evently first.`,
    );
}

/**
 * Gives a database the name of another, which keeps its rows under a name that tells when.
 * @returns that name; undefined when there was none, or nothing in it
 */
export async function takeOver(
  admin: pg.Client,
  from: string,
  name: string,
  keep: boolean,
): Promise<string | undefined> {
  await refuseWhileUsed(admin, name);
  const [old, fresh] = [escapeIdentifier(name), escapeIdentifier(from)];
  const aside = `${name}_before_${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  if (keep) await admin.query(`ALTER DATABASE ${old} RENAME TO ${escapeIdentifier(aside)}`);
  else await admin.query(`DROP DATABASE IF EXISTS ${old}`);
  await admin.query(`ALTER DATABASE ${fresh} RENAME TO ${old}`);
  return keep ? aside : undefined;
}
