import pg from 'pg';
import type { Finding } from '../src/operations/invariants/invariants.repository.js';
import { type Child, startChild } from '../test/support/child.js';
import type { Overrides } from '../test/support/config.js';
import { createTestDatabase, type TestDatabase } from '../test/support/database.js';
import { people } from './hall.js';
import { assertClean, assertEqual } from './scenario.js';
import { request } from './sender.js';

/** The application on a fresh database, in a process of its own. */
export interface AppChild {
  readonly url: string;
  readonly pid: number;
  readonly db: pg.Pool;
  /** Access tokens of new accounts. */
  tokens(count: number): Promise<string[]>;
  /** Errors when an invariant is violated or one of the acknowledged holds is not in the database, or one too many. */
  audit(eventId: string, acknowledged: readonly string[]): Promise<void>;
  /** Collects its garbage. */
  collect(): Promise<void>;
  /** Ends the process and starts another on the same database, free of what the set-up left in memory. */
  restart(): Promise<AppChild>;
  stop(): Promise<void>;
  /** Ends the process and leaves the database to another replica. */
  stopProcess(): Promise<void>;
}

export async function startAppChild(overrides: Overrides = {}, existing?: TestDatabase): Promise<AppChild> {
  const database = existing ?? (await createTestDatabase());
  const child: Child<{ url: string }> = await startChild(new URL('./server.js', import.meta.url), {
    ...overrides,
    database: { ...overrides.database, url: database.url },
  });
  const { url } = child.ready;
  return {
    url,
    pid: child.pid,
    db: database.pool,
    tokens: async (count) => (await people(url, database.pool, count)).map(({ token }) => token),
    audit: async (eventId, acknowledged) => {
      await assertKept(database.pool, eventId, acknowledged);
      assertClean(await child.ask<Finding[]>('audit'));
    },
    collect: () => child.ask('collect'),
    restart: async () => {
      await child.stop();
      return startAppChild(overrides, database);
    },
    stopProcess: () => child.stop(),
    stop: async () => {
      await child.stop();
      await database.drop();
    },
  };
}

async function assertKept(db: pg.Pool, eventId: string, acknowledged: readonly string[]): Promise<void> {
  const { rows } = await db.query(
    `SELECT count(*)::int AS bookings, count(*) FILTER (WHERE id = ANY ($2))::int AS acknowledged
     FROM booking WHERE event_id = $1`,
    [eventId, acknowledged],
  );
  assertEqual('acknowledged holds in the database', rows[0].acknowledged, acknowledged.length);
  assertEqual('holds in the database', rows[0].bookings, acknowledged.length);
}

/** A hold of one seat. */
export const holdRequest = (path: string, token: string, n: number): string =>
  request('POST', `/api/v1${path}`, { Authorization: `Bearer ${token}` }, `{"seats":[${n}]}`);

/** Id of the hold that an answer acknowledges; it is the first field. */
export const idOf = (body: Buffer): string => body.toString('latin1', 7, 43);
