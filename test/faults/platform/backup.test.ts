import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { StartupError } from '../../../src/platform/common/startup-error.js';
import { backUp } from '../../../src/platform/database/backup/backup.js';
import { checkBackup } from '../../../src/platform/database/backup/backup-file.js';
import { build } from '../../../src/platform/database/backup/restore.js';
import { inDatabase } from '../../../src/platform/database/backup/swap.js';
import { SealsService } from '../../../src/platform/facts/seals.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { runCli } from '../../support/cli.js';
import type { Json } from '../../support/client.js';
import { Crowd } from '../../support/crowd.js';
import { asAdmin, createTestDatabase, joinTestDatabase } from '../../support/database.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';
import { assertReplayed } from '../../support/replayed.js';
import { SmallDisk } from '../../support/small-disk.js';
import { until } from '../../support/until.js';

describe('backup and restore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evently-backup-'));
  const file = join(folder, 'rush.backup');
  const target = `restored_${newId().slice(-12)}`;
  const databases = new Set<string>([target]);
  let app: TestApp;
  let sale: Sale;
  let acknowledged: Json[];
  let tickets: Json[];
  let targetUrl: string;

  const backup = (path: string, url = app.config.database.url) =>
    runCli('backup', [path], { DATABASE_URL: url });
  const restore = (path: string, ...args: string[]) =>
    runCli('restore', [path, ...args], { DATABASE_URL: targetUrl });
  /** Everything that a command could have changed. */
  const databasesNow = () =>
    app.db.query(`SELECT oid, datname FROM pg_database WHERE datname LIKE $1 ORDER BY oid`, [`${target}%`]);

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(100, 100, [{ name: 'Floor', capacity: 500 }]));
    targetUrl = inDatabase(app.config.database.url, target);
    const [buyer] = await app.people(1);
    const { client } = buyer!;
    const held = await client.post(`/events/${sale.eventId}/holds`, { seats: [0, 1] });
    assert.equal((await client.post(`/bookings/${held.body.id}/checkout`, card())).status, 200);
    await until(async () => {
      tickets = (await client.get(`/bookings/${held.body.id}/tickets`)).body.data ?? [];
      return tickets.length === 2;
    });
    await app.nest.get(SealsService).seal();
  });
  afterAll(async () => {
    await app.close();
    const left = await asAdmin('SELECT datname FROM pg_database WHERE datname LIKE $1', [`${target}%`]);
    for (const { datname } of left) databases.add(datname!);
    for (const name of databases) await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    rmSync(folder, { recursive: true, force: true });
  });

  test('in the middle of a rush: what was acknowledged before is in the file, and nobody had to wait', async () => {
    const buyers = await app.people(60);
    const crowd = new Crowd({
      eventId: sale.eventId,
      clients: buyers.map(({ client }) => client),
      width: 60,
      wish: () => ({ seats: [2 + Math.floor(Math.random() * 9_998)] }),
    });
    await crowd.gets(300);
    acknowledged = [...crowd.held];
    const { code, out, err } = await backup(file);
    const meanwhile = crowd.held.length - acknowledged.length;
    await crowd.gets(50);
    await crowd.stop();
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^booking +[\d,]+ rows$/m);
    assert.match(out, /secrets\.json somewhere safe/);
    note(JSON.stringify({ acknowledged: acknowledged.length, meanwhile, heard: crowd.heard }));
    assert.ok(meanwhile > 0);
    assert.deepEqual(
      Object.keys(crowd.heard).filter((what) => !['201', '409'].includes(what)),
      [],
    );
  });

  test('restored into a new database: audited, every hold is there, tickets verify, and the sale goes on', async () => {
    const { code, out, err } = await restore(file);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /Audited: all invariants hold, \d+ sealed facts are as they were written/);
    const restored = await startApp({ database: { url: targetUrl } });
    try {
      const { rows } = await restored.db.query(
        `SELECT id, code, total::int FROM booking WHERE id = ANY ($1)`,
        [acknowledged.map(({ id }) => id)],
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const { id, code, total } of acknowledged) assert.deepEqual(byId.get(id), { id, code, total });
      const seals = await restored.nest.get(SealsService).verify();
      assert.deepEqual(seals.problems, []);
      assert.ok(seals.sealed > 0);
      const gate = restored.client(sale.organizer.token);
      for (const { token } of tickets) {
        const scanned = await gate.post(`/events/${sale.eventId}/check-in`, { token, gate: 'North' });
        assert.equal(scanned.status, 200, JSON.stringify(scanned.body));
      }
      const [buyer] = await restored.people(1);
      const held = await buyer!.client.post(`/events/${sale.eventId}/holds`, { best: { quantity: 2 } });
      assert.equal(held.status, 201, JSON.stringify(held.body));
      await assertReplayed(restored, held.body.id, true);
      for (const { id } of acknowledged.slice(0, 20)) await assertReplayed(restored, id, true);
      await restored.nest.get(SealsService).seal();
      assert.deepEqual((await restored.nest.get(SealsService).verify()).problems, []);
      const [then, now] = [app, restored].map(({ nest }) => nest.get(InventoryMemoryService));
      assert.notEqual((await then!.fresh(sale.eventId))?.epoch, (await now!.fresh(sale.eventId))?.epoch);
      await assertAuditClean(restored);
      assert.match(
        (await restore(file, '--replace')).err,
        /is in use \(\d+ connections: .*evently.*stop Evently first/,
      );
    } finally {
      await restored.close();
    }
  });

  test('replaced: the epoch is another one again, and what was there is kept under another name', async () => {
    const epoch = async () => {
      const { pool, drop } = joinTestDatabase(targetUrl);
      const { rows } = await pool.query(
        'SELECT feed_epoch_v1() AS epoch, (SELECT salt FROM feed_salt) AS salt',
      );
      await drop();
      return rows[0];
    };
    const before = await epoch();
    const refused = await restore(file);
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /^The database \w+ is not empty: --replace .*\n$/);
    const { code, out, err } = await restore(file, '--replace');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, new RegExp(`The previous contents are in the database ${target}_before_\\d{14};`));
    const now = await epoch();
    assert.notEqual(now.epoch, before.epoch);
    assert.notEqual(now.salt, before.salt, 'also where a dump is loaded into the same database');
    assert.equal((await databasesNow()).rows.length, 2);
  });

  test('a file that is damaged, cut off, or something else: one line, and nothing is changed', async () => {
    const whole = readFileSync(file);
    const half = whole.subarray(0, whole.length >> 1);
    const bent = Buffer.from(whole);
    bent[whole.length >> 1]! ^= 1;
    const cases: [string, Buffer | undefined, RegExp][] = [
      ['cut', half, /^\S+ is not a complete backup: .*Nothing was changed\.$/],
      ['bent', bent, /^\S+ is not a complete backup: .*Nothing was changed\.$/],
      ['other', Buffer.from('not a backup'), /^\S+ is not a complete backup: .*Nothing was changed\.$/],
      ['empty', Buffer.alloc(0), /^\S+ is not a complete backup: .*Nothing was changed\.$/],
      ['absent', undefined, /^\S+ cannot be read \(ENOENT\)\.$/],
    ];
    const before = (await databasesNow()).rows;
    for (const [name, content, expected] of cases) {
      if (content) writeFileSync(join(folder, name), content);
      await assert.rejects(checkBackup(join(folder, name)), (error: Error) => {
        assert.ok(error instanceof StartupError, String(error.stack));
        assert.match(error.message, expected);
        return true;
      });
    }
    const { code, err } = await restore(join(folder, 'cut'), '--replace');
    assert.equal(code, 1);
    assert.match(err, /^\S+ is not a complete backup: .*\n$/);
    assert.deepEqual((await databasesNow()).rows, before);
    const taken = await backup(file);
    assert.deepEqual([taken.code, taken.err], [1, `${file} exists: remove it, or choose another name.\n`]);
    assert.deepEqual(readFileSync(file), whole);
  });

  (SmallDisk.possible ? test : test.skip)(
    'a disk that is full ends it in one line, and leaves nothing behind',
    async () => {
      const disk = SmallDisk.mount(4)!;
      const large = await createTestDatabase();
      try {
        // 30 MB that do not get much smaller.
        await large.pool.query(
          `INSERT INTO fact (stream, stream_id, version, type, data)
         SELECT 'probe', gen_random_uuid(), 1, 'probe.made', jsonb_build_object('noise', (
                  SELECT string_agg(md5(n || random()::text || i), '') FROM generate_series(1, 100) AS i))
           FROM generate_series(1, 10000) AS n`,
        );
        const { code, err } = await backup(join(disk.folder, 'large.backup'), large.url);
        assert.deepEqual([code, err.split('\n').length], [1, 2], err);
        assert.match(err, /ENOSPC|No space left/i);
        assert.deepEqual(readdirSync(disk.folder), []);
        const connections = () =>
          large.pool.query(`SELECT FROM pg_stat_activity WHERE application_name = 'evently-backup'`);
        await until(async () => (await connections()).rowCount === 0);
      } finally {
        await large.drop();
        disk.unmount();
      }
    },
  );

  test('a database that an audit finds fault with is not put in place', async () => {
    const source = await createTestDatabase();
    const bad = join(folder, 'bad.backup');
    await source.pool.query(
      `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('probe', $1, 1, 'probe.made', '{}')`,
      [newId()],
    );
    await source.pool.query('SELECT fact_seal_v1(1000)');
    await source.pool.query('BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM fact; COMMIT');
    await backUp(source.url, bad, [], () => {});
    await source.drop();
    const before = (await databasesNow()).rows;
    const { code, err } = await restore(bad, '--replace');
    assert.equal(code, 1);
    assert.match(err, /^fact at \d+ is missing, seal 1\nNothing was changed/);
    assert.deepEqual((await databasesNow()).rows, before);
  });

  test('readers of facts go on exactly where they were, however far behind, in a cluster of another age', async () => {
    const source = await createTestDatabase();
    const { pool } = source;
    const slow = await pool.connect();
    const insert = `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('probe', $1, 1, 'probe.made', '{}')`;
    const open = (handler: string, pos: string) =>
      pool.query(`INSERT INTO fact_cursor SELECT $1, $2, pg_current_snapshot(), $3 FROM (SELECT) AS one`, [
        handler,
        '1:1:',
        pos,
      ]);
    await open('nothing', '0');
    await slow.query('BEGIN');
    await slow.query(insert, [newId()]);
    for (let i = 0; i < 50; i++) {
      await pool.query(insert, [newId()]);
      // While the slow one runs, so that the snapshots have a hole.
      if (i % 10 === 5)
        await pool.query(
          `INSERT INTO fact_cursor SELECT $1, pg_current_snapshot(), pg_current_snapshot(), 0`,
          [`at ${i}`],
        );
      if (i === 40) await slow.query('COMMIT');
    }
    slow.release();
    await pool.query(
      `UPDATE fact_cursor SET until = pg_current_snapshot(), pos = (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY pos) FROM fact)
       WHERE handler IN ('at 15', 'nothing')`,
    );
    const waiting = `SELECT c.handler, array_agg(f.pos ORDER BY f.pos) AS facts FROM fact_cursor c JOIN fact f
        ON NOT pg_visible_in_snapshot(f.xid, c.seen) AND NOT (pg_visible_in_snapshot(f.xid, c.until) AND f.pos <= c.pos)
      GROUP BY c.handler ORDER BY c.handler`;
    const { rows: expected } = await pool.query(waiting);
    assert.equal(expected.length, 6);
    await backUp(source.url, join(folder, 'readers.backup'), [], () => {});
    await source.drop();

    const name = `${target}_readers`;
    await asAdmin(`CREATE DATABASE ${name}`);
    const url = inDatabase(source.url, name);
    await build(url, join(folder, 'readers.backup'), () => {});
    const there = joinTestDatabase(url);
    assert.deepEqual((await there.pool.query(waiting)).rows, expected);
    // A fact of now is new to all of them.
    const { rows } = await there.pool.query(`${insert} RETURNING pos`, [newId()]);
    const after = (await there.pool.query(waiting)).rows;
    for (const { handler, facts } of after) assert.equal(facts.at(-1), rows[0].pos, handler);
    assert.equal(after.length, 6);
    await there.drop();
  });

  test('the embedded database too, from one data folder into another', async () => {
    chmodSync(folder, 0o755);
    const place = (name: string) => {
      const dataDir = mkdtempSync(join(folder, `${name}-`));
      chmodSync(dataDir, 0o755);
      return { DATABASE_URL: '', EVENTLY_DATA_DIR: dataDir };
    };
    const [one, two] = [place('one'), place('two')];
    const admin = ['create', '--email', 'ada@example.org', '--name', 'Ada', '--password', 'a long sentence'];
    assert.equal((await runCli('admin', admin, one)).code, 0);
    const path = join(folder, 'embedded.backup');
    assert.deepEqual(await runCli('backup', [path], one).then(({ code, err }) => [code, err]), [0, '']);
    const { code, out, err } = await runCli('restore', [path], two);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /These are not the keys of the backup/);
    const again = await runCli('admin', admin, two);
    assert.match(again.err, /There is an account with this/, 'the account is there');
  });
});
