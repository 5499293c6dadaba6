import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { checks } from '../../support/sql/checks.js';
import { runCheck } from '../../support/sql/sale.js';

describe('the SQL functions alone', () => {
  let database: TestDatabase;
  let client: pg.PoolClient;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = await database.pool.connect();
  });
  afterAll(async () => {
    client?.release();
    await database.drop();
  });

  for (const [area, list] of Object.entries(checks))
    describe(area, () => {
      for (const check of list) test(check.name, () => runCheck(client, check));
    });
});
