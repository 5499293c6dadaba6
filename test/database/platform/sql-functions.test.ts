import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { expand } from '../../../src/platform/database/functions.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const src = new URL('../../../src/', import.meta.url);
const folder = new URL('platform/database/functions/', src);

const textsIn = (root: URL, suffix: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(suffix))
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));

const files = textsIn(folder, '.sql').map(({ path, text }) => ({
  area: dirname(path),
  name: basename(path, '.sql'),
  text,
}));

describe('SQL functions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('are what the files say: a migrated database has one for every file, and no other', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    assert.deepEqual(rows.map(({ name }) => name).sort(), files.map(({ name }) => name).sort());
  });

  test('are one a file, which has their name', () => {
    for (const { name, text } of files) {
      const created = [...text.matchAll(/^CREATE (?:OR REPLACE )?FUNCTION (\w+)/gm)].map(
        ([, found]) => found,
      );
      assert.deepEqual(created, [name]);
    }
  });

  test('lie in the folder of the area that calls them; those of platform, and what a buyer has, are for all above', () => {
    const areas = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const code = areas.flatMap(({ name }) =>
      textsIn(new URL(`${name}/`, src), '.js')
        .filter(({ path }) => !path.startsWith('database/migrations/'))
        .map(({ text }) => ({ area: name, text })),
    );
    for (const { area, name } of files.filter((file) => file.area !== 'platform')) {
      assert.ok(
        areas.some((found) => found.name === area),
        `${area} is no area`,
      );
      const callers = code
        .filter(({ text }) => new RegExp(`\\b${name}\\(`).test(text))
        .map((caller) => caller.area);
      if (callers.length > 0 && name !== 'buyer_items_v1')
        assert.ok(callers.includes(area), `${name} is called by ${callers.join()}`);
    }
  });

  test('name seat states and outcomes instead of writing their numbers', () => {
    for (const { name, text } of files)
      assert.doesNotMatch(text, /(state|outcome|outcomes\[[^\]]*\]) (=|<>|:=) \d/, name);
  });

  test('are not created with a constant that does not exist', () => {
    assert.equal(expand('state = :SEAT_HELD::smallint'), 'state = 1::smallint');
    assert.equal(expand('v := :OUTCOME_EVENT_ENDED'), 'v := 15');
    assert.equal(expand(':SALT', { SALT: 'NULL' }), 'NULL');
    assert.throws(() => expand('state = :SEAT_SOLD'), /SEAT_SOLD/);
  });
});
