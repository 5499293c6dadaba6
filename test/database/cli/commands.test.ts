import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { runCli } from '../../support/cli.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** Every command, with arguments that are right and the ones that it does not know. */
const COMMANDS: { name: string; right: string[]; wrong: string[]; reads: boolean }[] = [
  {
    name: 'admin',
    right: ['create', '--email', 'a@example.org', '--name', 'A'],
    wrong: ['create'],
    reads: false,
  },
  { name: 'migrate', right: [], wrong: ['now'], reads: false },
  { name: 'restore', right: ['no-such-file'], wrong: ['a', 'b'], reads: false },
  { name: 'audit', right: [], wrong: ['--fix'], reads: true },
  { name: 'verify', right: [], wrong: ['--head', 'nonsense'], reads: true },
  { name: 'analytics', right: [], wrong: ['--fast'], reads: true },
  { name: 'replay', right: [], wrong: ['--event', 'nonsense'], reads: true },
  { name: 'backup', right: ['FILE'], wrong: [], reads: true },
];

describe('commands that cannot do what they are asked', () => {
  let dataDir: string;
  let empty: TestDatabase;
  beforeAll(async () => {
    dataDir = makeDataFolder('commands');
    empty = await createTestDatabase();
    await empty.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });
  afterAll(async () => {
    await empty.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const run = (name: string, args: string[], databaseUrl: string) =>
    runCli(
      name,
      args.map((word) => (word === 'FILE' ? join(dataDir, 'file.backup') : word)),
      { DATABASE_URL: databaseUrl, EVENTLY_DATA_DIR: dataDir },
    );

  test('the list has every command of src/cli', () => {
    const folder = join(import.meta.dirname, '../../../src/cli');
    const there = readdirSync(folder).filter(
      (name) => name.endsWith('.js') && /^await runCommand\(/m.test(readFileSync(join(folder, name), 'utf8')),
    );
    assert.deepEqual(there.sort(), COMMANDS.map(({ name }) => `${name}.js`).sort());
  });

  for (const { name, right, wrong, reads } of COMMANDS)
    test(`${name}: help is no failure; anything wrong is told without a stack, and ends with 1`, async () => {
      const help = await run(name, [...right.slice(0, 1), '--help'], '');
      assert.deepEqual([help.code, help.err], [0, ''], help.err);
      assert.match(help.out, /^ {2}npm run /m);

      const misused = await run(name, wrong, '');
      assert.deepEqual([misused.code, misused.out], [1, '']);
      assert.match(misused.err, /^ {2}npm run /m);
      assert.doesNotMatch(misused.err, /^ +at /m);

      const oneLine = async (url: string, said: RegExp) => {
        const { code, out, err } = await run(name, right, url);
        assert.deepEqual([code, out], [1, ''], err);
        assert.match(err, /^[^\n]+\n$/);
        assert.match(err, said);
      };
      await oneLine('postgres://a:b@127.0.0.1:1/c', /127\.0\.0\.1|reached|lost/);
      if (!reads) return;
      await oneLine('', /^There is no database in the data folder /);
      await oneLine(empty.url, /^The database lacks the tables of this release/);
    });

  test('none of them has made anything', () => {
    assert.ok(!existsSync(join(dataDir, 'postgres')));
    assert.ok(!existsSync(join(dataDir, 'file.backup')));
  });
});
