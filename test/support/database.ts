import { randomBytes } from 'node:crypto';
import pg from 'pg';

const template = () => new URL(process.env.DATABASE_URL ?? 'postgres://set-by-scripts-test.mjs');

async function asAdmin(sql: string): Promise<void> {
  const url = template();
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own, cloned from the migrated template. */
export async function createDatabase(): Promise<string> {
  const url = template();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)}`);
  url.pathname = `/${name}`;
  return url.href;
}

export const dropDatabase = (url: string): Promise<void> =>
  asAdmin(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
