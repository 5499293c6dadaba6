import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/database/data-source.js';
import { createTestDatabase } from './support/database.js';

describe('the schema', () => {
  test('entities and the migrated tables agree: TypeORM would change nothing', async () => {
    const database = await createTestDatabase();
    const entities = globSync('dist/src/**/*.entity.js');
    const source = new DataSource({ ...dataSourceOptions(database.url, 2), entities });
    await source.initialize();
    try {
      assert.equal(source.entityMetadatas.length, entities.length);
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      const queries = upQueries.map(({ query }) => query);
      // Checks, foreign keys and indexes are the migrations' alone; entities that named them would only repeat their SQL.
      const more = queries.filter((query) => /^(ALTER TABLE "\w+" DROP CONSTRAINT|DROP INDEX) /.test(query));
      assert.deepEqual(
        queries.filter((query) => !more.includes(query)),
        [],
      );
    } finally {
      await source.destroy();
      await database.drop();
    }
  });
});
