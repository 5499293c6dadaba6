import { createClient } from './primary.js';

/**
 * Does some work while no other process of the installation does the one of the same number; those that come meanwhile
 * wait. The lock lives on a connection of its own, so it ends with the process.
 * @throws after ten minutes of waiting
 */
export async function oneAtATime<T>(databaseUrl: string, lock: number, work: () => Promise<T>): Promise<T> {
  const guard = createClient(databaseUrl, {
    application_name: 'evently-guard',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: '-c lock_timeout=10min -c statement_timeout=10min',
  });
  // What was lost with the connection is only the wait of the others.
  guard.on('error', () => {});
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [lock]);
    return await work();
  } finally {
    await guard.end().catch(() => {});
  }
}
