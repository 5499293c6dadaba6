import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrate, migrationNames } from '../src/database/migrate.js';
import { migrations } from '../src/database/migrations/index.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import { Crowd } from './support/crowd.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { openSale, plainHall } from './support/halls.js';
import { assertKept } from './support/kept.js';
import { EventlyProcess } from './support/process.js';

/** What a next release may do to tables that this one is using. */
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
  before(async () => {
    database = await createTestDatabase();
    await empty();
  });
  after(() => database.drop());
  const empty = () => database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const applied = async (name = 'migrations') =>
    (await database.pool.query(`SELECT name FROM ${name} ORDER BY id`)).rows.map((row) => row.name);

  it('on an empty database, as three first starts do it: once, and so is the demo', async () => {
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
    assert.deepEqual(rows, [{ venues: 2, events: 2, accounts: 3 }]);
  });

  it('on a database one release behind: each that is missing is applied by one of them', async () => {
    await empty();
    assert.deepEqual(await migrate(database.url, migrations.slice(0, -1)), migrationNames.slice(0, -1));
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    assert.deepEqual(results.flat(), migrationNames.slice(-1));
    assert.deepEqual(await applied(), migrationNames);
  });

  describe('while a replica of this release is selling', () => {
    let app: TestApp;
    before(async () => {
      app = await startApp({ sweeper: false });
    });
    after(() => app.close());

    it('the next one migrates: nobody who buys meanwhile hears of it', async (t) => {
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
      const url = app.config.databaseUrl!;
      const release = [...migrations, NextRelease9000000000000];
      const results = await Promise.all([migrate(url, release), migrate(url, release)]);
      await crowd.gets(100);
      await crowd.stop();
      t.diagnostic(JSON.stringify(crowd.heard));
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
