import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DEMO_ACCOUNTS } from '../../../src/operations/demo/accounts.js';
import { GUESTS } from '../../../src/operations/demo/guests.js';
import { migrate, migrationNames } from '../../../src/platform/database/migrate.js';
import { migrations } from '../../../src/platform/database/migrations/index.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { Crowd } from '../../support/crowd.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { openSale, plainHall } from '../../support/halls.js';
import { assertKept } from '../../support/kept.js';
import { note } from '../../support/note.js';
import { EventlyProcess } from '../../support/process.js';

/** Changes that a next release may make to tables that this one is using. */
class NextRelease9000000000000 implements MigrationInterface {
  name = 'NextRelease9000000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE booking ADD COLUMN seen_by_next boolean');
    await runner.query('CREATE INDEX booking_seen_by_next ON booking (event_id) WHERE seen_by_next');
    await runner.query(`CREATE FUNCTION next_release_v1() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
  }

  async down(): Promise<void> {}
}

describe('migrations of many replicas at once', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await empty();
  });
  afterAll(() => database.drop());
  const empty = () => database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const applied = async (name = 'migrations') =>
    (await database.pool.query(`SELECT name FROM ${name} ORDER BY id`)).rows.map((row) => row.name);

  test('on an empty database, as three first starts do it: once, and so is the demo', async () => {
    const replicas = Array.from(
      { length: 3 },
      () =>
        new EventlyProcess({
          DATABASE_URL: database.url,
          PORT: '0',
          EVENTLY_DEMO: 'on',
          EVENTLY_DATA_DIR: process.env.EVENTLY_DATA_DIR ?? '',
        }),
    );
    const ends = replicas.map(async (replica) => {
      await replica.ready();
      return replica.end('SIGINT');
    });
    assert.deepEqual(await Promise.all(ends), [0, 0, 0]);
    const said = replicas.map(({ output }) => output);
    assert.equal(said.filter((output) => output.includes('Migrated the database')).length, 1);
    assert.deepEqual(await applied(), migrationNames);
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*)::int FROM venue) AS venues, (SELECT count(*)::int FROM event) AS events,
              (SELECT count(*)::int FROM app_user) AS accounts`,
    );
    assert.deepEqual(rows, [{ venues: 4, events: 8, accounts: DEMO_ACCOUNTS.length + GUESTS }]);
  });

  test('on a database one release behind: each that is missing is applied by one of them', async () => {
    await empty();
    assert.deepEqual(
      await migrate(database.url, { release: migrations.slice(0, -1) }),
      migrationNames.slice(0, -1),
    );
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    assert.deepEqual(results.flat(), migrationNames.slice(-1));
    assert.deepEqual(await applied(), migrationNames);
  });

  test('on tickets that were handed on before: who gave one away has a code that is good no more', async () => {
    await empty();
    const before = migrationNames.indexOf('Gates1700000021000');
    await migrate(database.url, { release: migrations.slice(0, before) });
    const client = await database.pool.connect();
    // The bookings behind the tickets do not matter here.
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO ticket (event_id, id, booking_id, item_id, code, holder_id, generation)
       SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'CODE-' || g, gen_random_uuid(), g
       FROM generate_series(1, 3) g`,
    );
    await client.query('RESET session_replication_role');
    client.release();
    await migrate(database.url);
    const { rows } = await database.pool.query(
      `SELECT t.generation, t.code, t.version, p.code AS past, p.generation AS "pastGeneration"
       FROM ticket t LEFT JOIN ticket_past_code p ON p.ticket_id = t.id ORDER BY t.generation`,
    );
    assert.deepEqual(
      rows.map(({ past, pastGeneration, version }) => [past, pastGeneration, version]),
      [
        [null, null, 1],
        ['CODE-2', 1, 1],
        ['CODE-3', 2, 1],
      ],
    );
    assert.equal(rows[0].code, 'CODE-1');
    for (const { code } of rows.slice(1)) assert.match(code, /^[2-9B-Z]{4}-[2-9B-Z]{4}$/);
  });

  test('on a database whose buyers are told of sales: paid ones get a reader that begins where the other stands', async () => {
    await empty();
    const before = migrationNames.indexOf('SaleNotifications1700000029000');
    await migrate(database.url, { release: migrations.slice(0, before) });
    await database.pool.query(`INSERT INTO fact_cursor VALUES ('notifications', '5:5:', '9:9:', 7)`);
    await migrate(database.url);
    const { rows } = await database.pool.query(
      'SELECT handler, seen::text, until::text, pos::int FROM fact_cursor ORDER BY 1',
    );
    assert.deepEqual(
      rows.map(({ handler, ...cursor }) => [handler, Object.values(cursor)]),
      ['notifications', 'sale-notifications'].map((handler) => [handler, ['5:5:', '9:9:', 7]]),
    );
  });

  test('on plans from before: the only zone with seats that has no name is marked, and nothing else changes', async () => {
    await empty();
    await migrate(database.url, {
      release: migrations.slice(0, migrationNames.indexOf('UnnamedZones1700000031000')),
    });
    const row = '{"row_number":"1","seats":[{"odd":"\\u0000 \\ud800"}]}';
    const zone = (name: string, rows = row) => `{"odd":"\\u0000",${name}"rows":[${rows}]}`;
    const plans: [zones: string[], sections: string[], unnamed: number | undefined][] = [
      [[zone('"name":"Hall",'), zone('')], ['Hall', 'Zone 2'], 1],
      [[zone('"name":" \\t",'), zone('"name":null,', '')], ['Zone 1', 'Zone 2'], 0],
      [[zone('"name":"Zone 1",'), zone('"name":"B",')], ['Zone 1', 'B'], undefined],
      [[zone('"name":null,'), zone('"name":"",')], ['Zone 1', 'Zone 2'], undefined],
      [[zone('"name":"Hall",')], ['Hall'], undefined],
    ];
    const client = await database.pool.connect();
    // Neither venues nor their owners matter here.
    await client.query('SET session_replication_role = replica');
    for (const [version, [zones, sections]] of plans.entries())
      await client.query(
        `INSERT INTO seating_plan (id, venue_id, version, name, seat_count, place_count, document, accessible, areas, layout)
         VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'Plan', 1, 1, $2, '[]', '[]', $3)`,
        [version + 1, `{"zones":[${zones}]}`, JSON.stringify({ name: 'Plan', sections, shapes: [] })],
      );
    await client.query('RESET session_replication_role');
    client.release();
    await migrate(database.url);
    const { rows } = await database.pool.query('SELECT layout FROM seating_plan ORDER BY version');
    assert.deepEqual(
      rows.map(({ layout }) => layout),
      plans.map(([, sections, unnamed]) => ({
        name: 'Plan',
        sections,
        shapes: [],
        ...(unnamed !== undefined && { unnamed }),
      })),
    );
    await assert.rejects(database.pool.query(`UPDATE seating_plan SET name = 'x'`), /immutable/);
  });

  describe('while a replica of this release is selling', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({ inventory: { sweeper: false } });
    });
    afterAll(() => app.close());

    test('the next one migrates: nobody who buys meanwhile hears of it', async () => {
      const { eventId } = await openSale(app, plainHall(100, 100));
      const people = await app.people(100);
      const crowd = new Crowd({
        eventId,
        clients: people.map(({ client }) => client),
        width: 40,
        wish: () => ({ seats: [Math.floor(Math.random() * 10_000)] }),
        releases: 0.2,
      });
      await crowd.gets(100);
      const url = app.config.database.url;
      const release = [...migrations, NextRelease9000000000000];
      const results = await Promise.all([migrate(url, { release }), migrate(url, { release })]);
      await crowd.gets(100);
      await crowd.stop();
      note(JSON.stringify(crowd.heard));
      assert.deepEqual(results.flat(), ['NextRelease9000000000000']);
      assert.deepEqual(
        Object.keys(crowd.heard).filter((what) => !['201', '204', '409'].includes(what)),
        [],
      );
      assert.equal((await app.client().get('/health/ready')).status, 200, 'a newer database is as good');
      await assertKept(app.db, eventId, crowd);
      await assertAuditClean(app);
    });
  });
});
