import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { poolTarget } from '../../src/platform/database/primary.js';

export interface TestDatabase {
  readonly url: string;
  /** For set-up and audits, apart from the application's own connections. */
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** A database of its own, cloned from the template that scripts/test.mjs has migrated. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = new URL(process.env.DATABASE_URL ?? '');
  const template = url.pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  url.pathname = `/${name}`;
  const pool = openPool(url.href);
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await asAdmin(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** A database that belongs to another application of the test. */
export function joinTestDatabase(url: string): TestDatabase {
  const pool = openPool(url);
  return { url, pool, drop: () => pool.end() };
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ ...poolTarget(connectionString), max: 4, application_name: 'evently-test' });
  pool.on('error', () => {});
  return pool;
}

/** The rows of a statement on the server's own database, such as CREATE and DROP DATABASE. */
export async function asAdmin(
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, string>[]> {
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
