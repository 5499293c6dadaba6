import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { INVARIANTS } from '../../../src/operations/invariants/invariants.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { runCli } from '../../support/cli.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { openSale, plainHall } from '../../support/halls.js';
import { EventlyProcess } from '../../support/process.js';

describe('npm run audit', () => {
  let app: TestApp;
  let dataDir: string;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    dataDir = makeDataFolder('audit');
  });
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const audit = (databaseUrl: string, ...args: string[]) =>
    runCli('audit', args, { DATABASE_URL: databaseUrl, EVENTLY_DATA_DIR: dataDir });
  const lineOf = (out: string, invariant: string) =>
    new RegExp(`^${invariant} +(\\d+)  \\w.*$`, 'm').exec(out);

  test('lists every invariant, and with a violation its number and examples, and ends with 1', async () => {
    const { eventId } = await openSale(app, plainHall(2, 10));
    const [buyer] = await app.people(1);
    assert.equal((await buyer!.client.post(`/events/${eventId}/holds`, { seats: [3, 4] })).status, 201);
    const clean = await audit(app.config.database.url);
    assert.deepEqual([clean.code, clean.err], [0, '']);
    for (const { name } of INVARIANTS) assert.equal(lineOf(clean.out, name)?.[1], '0', clean.out);
    assert.match(clean.out, new RegExp(`All ${INVARIANTS.length} invariants hold\\.\n$`));

    await app.db.query(
      `UPDATE seat SET hold_until = hold_until + interval '1 day' WHERE event_id = $1 AND state = ${SEAT.HELD}`,
      [eventId],
    );
    const violated = await audit(app.config.database.url);
    assert.deepEqual([violated.code, violated.err], [1, '']);
    assert.equal(lineOf(violated.out, 'seat_stranded')?.[1], '2');
    for (const n of [3, 4]) assert.match(violated.out, new RegExp(`- ${eventId} seat ${n}$`, 'm'));
    assert.match(violated.out, new RegExp(`1 of ${INVARIANTS.length} invariants are violated\\.\n$`));
  });

  test('reads the embedded database of a running Evently, leaves that running, and works without it', async () => {
    const evently = await new EventlyProcess({ EVENTLY_DATA_DIR: dataDir, PORT: '0' }).ready();
    const [, url] = /ready at (\S+)/.exec(evently.output)!;
    try {
      assert.deepEqual(await audit('').then(({ code, err }) => [code, err]), [0, '']);
      assert.equal((await fetch(`${url}/api/v1/health/ready`)).status, 200);
    } finally {
      assert.equal(await evently.end('SIGTERM'), 0);
    }
    assert.deepEqual(await audit('').then(({ code, err }) => [code, err]), [0, '']);
    assert.ok(!existsSync(join(dataDir, 'postgres', 'postmaster.pid')));
  });

  test('says in one line what is wrong', async () => {
    const empty = new URL(app.config.database.url);
    empty.pathname = '/postgres';
    const cases: [RegExp, string, ...string[]][] = [
      [/^The database lacks the tables of this release: start Evently on it once\.\n$/, empty.href],
      [/^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:1 cannot be reached.*\n$/, 'postgres://a:b@127.0.0.1:1/c'],
      [/^Unknown option '--fix'/, app.config.database.url, '--fix'],
    ];
    for (const [expected, url, ...args] of cases) {
      const { code, out, err } = await audit(url, ...args);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, expected);
    }
  });
});
