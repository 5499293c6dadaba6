import assert from 'node:assert/strict';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { translateDatabaseError } from '../../../src/platform/common/database-errors.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import { type EmbeddedServer, startEmbedded } from '../../../src/platform/database/embedded-server.js';
import { migrate } from '../../../src/platform/database/migrate.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Answer } from '../../support/client.js';
import { asAdmin } from '../../support/database.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { SmallDisk } from '../../support/small-disk.js';
import { until } from '../../support/until.js';

const DATABASE = `full_${process.pid}`;

const disk = SmallDisk.mount(96);
const skip = disk ? false : 'only root can mount a small disk';

(skip ? describe.skip : describe)('a disk that is full', () => {
  let app: TestApp;
  let buyers: Person[];
  let eventId: string;

  beforeAll(async () => {
    const url = new URL(process.env.DATABASE_URL ?? '');
    const template = url.pathname.slice(1);
    const { uid, gid } = statSync(await dataDirectory());
    chmodSync(disk!.folder, 0o700);
    chownSync(disk!.folder, uid, gid);
    await asAdmin(`CREATE TABLESPACE ${DATABASE} LOCATION '${disk!.folder}'`);
    await asAdmin(`CREATE DATABASE ${DATABASE} TEMPLATE ${template} TABLESPACE ${DATABASE}`);
    url.pathname = `/${DATABASE}`;
    app = await startApp({ database: { url: url.href }, logLevel: 'fatal' });
    buyers = await app.people(10);
    eventId = (await openSale(app, plainHall(40, 50))).eventId;
  });
  afterAll(async () => {
    disk!.makeRoom();
    await app?.close();
    await asAdmin(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await asAdmin(`DROP TABLESPACE IF EXISTS ${DATABASE}`);
    disk!.unmount();
  });

  const hold = (i: number) =>
    buyers[i % 10]!.client.post(
      `/events/${eventId}/holds`,
      { seats: [i] },
      { 'idempotency-key': `seat-${i}` },
    );
  const ready = () => app.client().get('/health/ready');

  test('is 503 with Retry-After and never 500, is said by ready, and everything goes on by itself when there is room', async () => {
    const held: Answer[] = await Promise.all(Array.from({ length: 10 }, (_, i) => hold(i)));
    try {
      disk!.fill();
      const refused: number[] = [];
      const codes = new Set<string>();
      for (let next = 10; refused.length < 40 && next < 1_900; next += 40) {
        const seats = Array.from({ length: 40 }, (_, i) => next + i);
        const answers = await Promise.all(seats.map(hold));
        for (const [i, answer] of answers.entries())
          if (answer.status === 201) held.push(answer);
          else {
            assert.equal(answer.status, 503, answer.body.code);
            assert.ok(Number(answer.headers['retry-after']) > 0);
            codes.add(answer.body.code);
            refused.push(seats[i]!);
          }
      }
      note(JSON.stringify({ held: held.length, refused: refused.length }));
      assert.ok(refused.length >= 40);
      assert.ok(codes.has('database_failing'), [...codes].join());
      let answer = await ready();
      // A busy machine may not answer in time at first.
      await until(async () => {
        answer = await ready();
        return answer.body.code === 'database_failing';
      });
      const { body, headers } = answer;
      assert.deepEqual(
        [body.code, body.detail, headers['retry-after']],
        ['database_failing', 'SQLSTATE 53100', '10'],
      );
      const { body: status } = await app.client().get('/health/status');
      assert.equal(status.status, 'degraded');
      assert.equal((await app.client().get('/health/live')).status, 200);
      assert.equal((await app.client().get('/events')).status, 200);
      const writes = [
        await app
          .client()
          .post('/auth/register', { email: 'full@disk.test', password: 'a long enough one', name: 'F' }),
        ...(await Promise.all(held.slice(0, 5).map((answer, i) => pay(answer, i)))),
      ];
      for (const { status } of writes) assert.ok([201, 200, 202, 503].includes(status), `${status}`);

      disk!.makeRoom();
      await until(async () => (await ready()).status === 200);
      assert.equal((await app.client().get('/health/status')).body.database.failure, null);
      for (const seat of refused.slice(0, 20)) assert.equal((await hold(seat)).status, 201, `seat ${seat}`);
      const kept = await app.db.query('SELECT count(*)::int AS count FROM booking WHERE id = ANY($1)', [
        held.map(({ body }) => body.id),
      ]);
      assert.equal(kept.rows[0].count, held.length);
      assert.equal((await pay(held.at(-1)!, held.length)).status, 200);
      await until(async () => (await openSagas()) === 0, 60_000);
      await until(
        async () => (await app.db.query(`SELECT FROM mail WHERE state = 'pending'`)).rowCount === 0,
      );
      assert.equal((await app.db.query('SELECT FROM fact_parked')).rowCount, 0);
      await assertAuditClean(app);
    } finally {
      await disk!.makeRoom();
    }
  }, 120_000);

  test('a database that an operator has made read-only is not ready', async () => {
    const set = (value: string) =>
      asAdmin(`ALTER DATABASE ${DATABASE} SET default_transaction_read_only = ${value}`);
    const anew = () =>
      app.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    await set('on');
    await anew();
    await until(async () => (await ready()).body.detail === 'SQLSTATE 25006');
    const { status, body, headers } = await app
      .client()
      .post('/auth/register', { email: 'read@only.test', password: 'a long enough one', name: 'R' });
    assert.deepEqual([status, body.code, headers['retry-after']], [503, 'database_unavailable', '2']);
    await set('off');
    await anew();
    await until(async () => (await ready()).status === 200);
  });

  test('every SQLSTATE that means "not now" is 503 with Retry-After, and no other', async () => {
    const database = app.nest.get(DatabaseService);
    await app.db.query(
      `CREATE FUNCTION raise_now(code text) RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE = code; END'`,
    );
    const outcome = async (code: string) => {
      const thrown = await database
        .statement('test.raise', 'SELECT raise_now($1)', [code])
        .catch((error) => error);
      assert.equal(thrown.code, code);
      const translated = translateDatabaseError(thrown);
      if (translated) assert.ok(translated.status === 503 && translated.details.retryAfter! > 0, code);
      return translated?.code;
    };
    const expected = {
      database_unavailable:
        '08000 08001 08003 08004 08006 08007 08P01 25006 25P03 25P04 28000 28P01 3D000 40003 53300 57000 57P01 57P02 57P03 57P04 57P05',
      database_failing: '53000 53100 58000 58030 58P01 58P02 58P03 F0000 F0001 XX001 XX002',
      overloaded: '40000 40001 40P01 53200 53400 55006 55P03 57014 72000',
      undefined:
        '22P02 22003 23502 23505 23514 25001 25P02 2BP01 40002 42501 42601 42P01 42703 54000 55000 P0001 XX000',
    };
    for (const [code, states] of Object.entries(expected))
      for (const state of states.split(' ')) assert.equal(String(await outcome(state)), code, state);
    await until(async () => (await ready()).status === 200);
  });

  test('and so are real ones: too much temporary space, too late, a lock that somebody keeps', async () => {
    const codes: Record<string, string> = {
      '53400': `SET LOCAL temp_file_limit = '64kB'; SET LOCAL work_mem = '64kB'; SELECT count(*) FROM (SELECT n FROM generate_series(1, 200000) n ORDER BY -n) x`,
      '57014': `SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)`,
      '55P03': `SET LOCAL lock_timeout = '20ms'; LOCK TABLE mail`,
    };
    const keeper = await app.db.connect();
    try {
      await keeper.query('BEGIN; LOCK TABLE mail');
      for (const [code, sql] of Object.entries(codes)) {
        const thrown = await app.nest
          .get(DatabaseService)
          .transaction((tx) => tx.query(sql))
          .catch((error) => error);
        assert.deepEqual([thrown.code, translateDatabaseError(thrown)?.code], [code, 'overloaded']);
      }
    } finally {
      await keeper.release(true);
    }
  });

  const pay = ({ body }: Answer, i: number) =>
    buyers[body.items[0].seat.n % 10]!.client.post(`/bookings/${body.id}/checkout`, card(), {
      'idempotency-key': `pay-${i}`,
    });
  const openSagas = async () => (await app.db.query('SELECT FROM saga WHERE due_at IS NOT NULL')).rowCount;
});

(skip ? describe.skip : describe)('a write-ahead log that has no room', () => {
  test('ends PostgreSQL, is 503 until there is room, and loses nothing that was acknowledged', async () => {
    const own = SmallDisk.mount(320)!;
    let server: EmbeddedServer | undefined;
    let app: TestApp | undefined;
    try {
      server = await startEmbedded(join(own.folder, 'data'));
      await migrate(server.url);
      app = await startApp({ database: { url: server.url }, logLevel: 'fatal' });
      const { eventId } = await openSale(app, plainHall(10, 20));
      const [buyer] = await app.people(1);
      const hold = (seat: number) => buyer!.client.post(`/events/${eventId}/holds`, { seats: [seat] });
      const ready = async () => (await app!.client().get('/health/ready')).status;
      const held = [await hold(0), await hold(1)];
      assert.deepEqual(
        held.map(({ status }) => status),
        [201, 201],
      );

      own.fill();
      // The next write needs a new file of the log.
      await assert.rejects(
        app.db.query('SELECT pg_switch_wal(); SELECT pg_switch_wal(); CREATE TABLE more ()'),
      );
      await until(async () => (await ready()) === 503);
      for (let seat = 2; seat < 12; seat++) {
        const { status, body, headers } = await hold(seat);
        assert.equal(status, 503, JSON.stringify(body));
        assert.ok(Number(headers['retry-after']) > 0);
      }

      own.makeRoom();
      await until(async () => (await ready()) === 200, 60_000);
      const kept = await app.db.query('SELECT id FROM booking ORDER BY id');
      assert.deepEqual(
        kept.rows.map(({ id }) => id),
        held.map(({ body }) => body.id).toSorted(),
      );
      assert.equal((await hold(2)).status, 201);
      await assertAuditClean(app);
    } finally {
      own.makeRoom();
      await app?.close();
      await server?.stop();
      own.unmount();
    }
  }, 240_000);
});

async function dataDirectory(): Promise<string> {
  const [row] = await asAdmin('SHOW data_directory');
  return row!.data_directory!;
}
