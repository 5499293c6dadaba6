import { databaseErrorCode } from '../common/database-errors.js';
import { StartupError } from '../common/startup-error.js';
import type { LOCKS } from './advisory-locks.js';
import { createClient } from './primary.js';

const LOCK_NOT_AVAILABLE = '55P03';

/** Work that one process of the installation does at a time. */
interface Turn {
  readonly lock: (typeof LOCKS)[keyof typeof LOCKS];
  /** Description of the work for the process that waits: "migrates the database". */
  readonly does: string;
  /** Hears one line when another process does it just now. */
  readonly say?: (line: string) => void;
}

/**
 * Runs work that only one process of the installation may do at a time, by an advisory lock; others wait. The lock
 * lives on a connection of its own, so it ends with the process.
 * Errors: StartupError after ten minutes of waiting.
 */
export async function oneAtATime<T>(
  databaseUrl: string,
  { lock, does, say = () => {} }: Turn,
  work: () => Promise<T>,
): Promise<T> {
  const guard = createClient(databaseUrl, {
    application_name: 'evently-guard',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: '-c lock_timeout=10min -c statement_timeout=11min',
  });
  await guard.connect();
  try {
    const { rows } = await guard.query('SELECT pg_try_advisory_lock($1) AS mine', [lock]);
    if (!rows[0].mine) {
      say(`Waiting for another Evently, which ${does} ...`);
      await guard.query('SELECT pg_advisory_lock($1)', [lock]);
    }
    return await work();
  } catch (error) {
    if (databaseErrorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new StartupError(
      `Another Evently ${does}, and has done so for ten minutes: check its progress, or stop it, then start again.`,
    );
  } finally {
    await guard.end().catch(() => {});
  }
}
