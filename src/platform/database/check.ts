import type pg from 'pg';
import { databaseErrorCode } from '../common/database-errors.js';
import { explainFailure, StartupError } from '../common/startup-error.js';
import { createClient } from './primary.js';

const MINIMUM = 15;
const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to that host',
  ENETUNREACH: 'no route to that network',
  ECONNRESET: 'the connection was closed, which happens when something other than PostgreSQL listens there',
};

/**
 * Asks the database once, before anything is built on it.
 * @param name what a person calls the database
 * Errors: StartupError that says what to change, without the password.
 */
export async function checkDatabase(databaseUrl: string, name = 'DATABASE_URL'): Promise<void> {
  const client = createClient(databaseUrl, { connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const version = Number((await client.query('SHOW server_version_num')).rows[0].server_version_num);
    if (version < MINIMUM * 10_000)
      throw new StartupError(
        `${name}: PostgreSQL at ${client.host}:${client.port} is version ${Math.floor(version / 10_000)}, Evently needs ${MINIMUM} or newer.`,
      );
  } catch (error) {
    throw error instanceof StartupError ? error : new StartupError(`${name}: ${explain(error, client)}`);
  } finally {
    await client.end().catch(() => {});
  }
}

function explain(error: unknown, { host, port, user, database }: pg.Client): string {
  const code = databaseErrorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === '28P01' || /SASL|client password/.test(message))
    return `PostgreSQL at ${host}:${port} refuses the password of user ${user}.`;
  if (code === '28000') return `PostgreSQL at ${host}:${port} does not let user ${user} in: ${message}.`;
  if (code === '3D000')
    return `PostgreSQL at ${host}:${port} has no database ${database}: create it with CREATE DATABASE ${database}.`;
  if (code && /^(XX|58)/.test(code)) return explainFailure(error) ?? message;
  const known = code && UNREACHABLE[code];
  const reason = /timeout/i.test(message) ? 'no answer' : (known ?? message);
  return `PostgreSQL at ${host}:${port} cannot be reached: ${reason}.`;
}
