import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/platform/database/data-source.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** Tables that only SQL functions and set-based statements touch, and why; no code reads or writes a row of them by itself. */
const WITHOUT_ENTITY: Record<string, string> = {
  area: 'claims: SQL functions under the lock of the feed row',
  area_kept: 'the waitlist: SQL functions under the lock of the feed row',
  event_listing: 'a projection: made by INSERT … SELECT and a trigger, read by search',
  fact: 'the event store: appended by set and by triggers, read by snapshot',
  fact_cursor: 'two columns of pg_snapshot, a type that TypeORM does not know',
  fact_seal: 'sealed and verified by SQL functions',
  feed_salt: 'a restore writes it, SQL functions read it',
  inventory: 'the feed row: SQL functions lock, check and move it',
  migrations: "TypeORM's own",
  past_refund_policy: 'a trigger writes it, one statement about events reads it',
  sales_day: 'rollup: added to by set',
  sales_hour: 'rollup: added to by set',
  sales_minute: 'rollup: added to by set',
  sales_place: 'rollup: added to by set',
  sales_return: 'rollup: added to by set',
  seat: 'claims: SQL functions under the lock of the feed row',
  seat_feed: 'the feed: SQL functions append, sets are read',
  ticket_past_code: 'a trigger writes it, the function of the gates reads it',
};

/** Tables that a compiled file has entities for; what several share is an abstract class without one. */
const tablesIn = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/\bEntity\(\s*'(\w+)'/g)].map(([, table]) => table!);

describe('the schema', () => {
  let database: TestDatabase;
  let source: DataSource;
  const entities = globSync('dist/src/**/*.entity.js');

  beforeAll(async () => {
    database = await createTestDatabase();
    source = new DataSource({ ...dataSourceOptions(database.url, 2), entities });
    await source.initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  test('entities and the migrated tables agree: TypeORM would change nothing', async () => {
    assert.deepEqual(
      source.entityMetadatas.map(({ tableName }) => tableName).sort(),
      entities.flatMap(tablesIn).sort(),
    );
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint WHERE contype IN ('c', 'f')`,
    );
    // Checks, foreign keys and indexes are the migrations' alone; entities that named them would only repeat their SQL.
    const left = new Set(rows.map(({ name }) => name));
    const more = ({ query }: { query: string }) => {
      const [, constraint] = /^ALTER TABLE "\w+" DROP CONSTRAINT "(\w+)"/.exec(query) ?? [];
      return constraint === undefined ? query.startsWith('DROP INDEX ') : left.has(constraint);
    };
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    assert.deepEqual(
      upQueries.filter((query) => !more(query)).map(({ query }) => query),
      [],
    );
  });

  test('every table has an entity, or a reason why it needs none', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    const tables = rows.map(({ name }) => name).sort();
    const known = [
      ...source.entityMetadatas.map(({ tableName }) => tableName),
      ...Object.keys(WITHOUT_ENTITY),
    ];
    assert.deepEqual(known.sort(), tables);
  });
});
