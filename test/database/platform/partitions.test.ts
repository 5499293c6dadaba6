import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { newId } from '../../../src/platform/common/ids.js';
import { dataSourceOptions } from '../../../src/platform/database/data-source.js';
import { PartitionsService } from '../../../src/platform/facts/partitions.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { createTestDatabase } from '../../support/database.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

/** A UUIDv7 of so many quarters from now. */
const LATER = (n: number) => `
  SELECT overlay(uuidv7()::text PLACING substr(uuid_at_v1(date_trunc('quarter', now()) + interval '${3 * n + 1} months')::text, 1, 13)
                 FROM 1 FOR 13)::uuid AS id`;

describe('facts and feed in partitions by quarter', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(50, 100));
    [buyer] = await app.people(1);
  });
  afterAll(() => app.close());

  const later = async (n: number): Promise<string> => (await app.db.query(LATER(n))).rows[0].id;
  const tell = (id: string, version = 1) =>
    app.db.query(
      `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('venue', $1, $2, 'venue.created', '{}')`,
      [id, version],
    );
  const placeOf = async (table: string, key: string, id: string): Promise<string[]> =>
    (
      await app.db.query(
        `SELECT DISTINCT tableoid::regclass::text AS place FROM ${table} WHERE ${key} = $1`,
        [id],
      )
    ).rows.map(({ place }) => place);
  const partitions = async (table: string): Promise<string[]> =>
    (
      await app.db.query(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '${table}'::regclass ORDER BY 1`,
      )
    ).rows.map(({ name }) => name);

  test('each row goes to the quarter that its key was made in, what has none to the default one', async () => {
    const held = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0] })).body;
    assert.deepEqual(await placeOf('fact', 'stream_id', held.id), ['fact_first']);
    assert.deepEqual(await placeOf('seat_feed', 'event_id', sale.eventId), ['seat_feed_first']);
    const next = await later(1);
    await tell(next);
    assert.match((await placeOf('fact', 'stream_id', next))[0]!, /^fact_20\d\dq[1-4]$/);
    const far = await later(6);
    await tell(far);
    assert.deepEqual(await placeOf('fact', 'stream_id', far), ['fact_other']);
    await app.db.query(
      `INSERT INTO seat_feed (event_id, seq, changes, areas, price_version, at) VALUES ($1, 1, '{}', '{}', 1, now())`,
      [far],
    );
    assert.deepEqual(await placeOf('seat_feed', 'event_id', far), ['seat_feed_other']);
  });

  test('a fact that two wrote is refused by one name in every partition, and none can be changed', async () => {
    for (const table of await partitions('fact')) {
      const { rows } = await app.db.query(`SELECT stream_id AS id FROM ${table} LIMIT 1`);
      if (rows.length === 0) continue;
      await assert.rejects(tell(rows[0].id), ({ constraint }: pg.DatabaseError) =>
        /^fact_\w+_stream_key\d*$/.test(constraint!),
      );
    }
    for (const table of ['fact', ...(await partitions('fact'))])
      for (const change of [`UPDATE ${table} SET type = 'x'`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
        await assert.rejects(app.db.query(change), /facts are append-only/, change);
  });

  test('are made a year ahead by several replicas at once, while seats are sold; what came too late is moved', async () => {
    const names = await partitions('fact');
    await app.db.query(`DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('fact'::regclass, 'seat_feed'::regclass)
        AND inhrelid::regclass::text ~ 'q[1-4]$' AND inhrelid::regclass::text <> '${names.find((n) => /q[1-4]$/.test(n))}'
      LOOP EXECUTE 'DROP TABLE ' || name; END LOOP; END $$`);
    const ahead = async () =>
      Number(/^evently_partitions_ahead (\d+)/m.exec(await (await fetch(`${app.url}/metrics`)).text())?.[1]);
    await until(async () => (await ahead()) === 0);

    const late = await later(2);
    await tell(late);
    let selling = true;
    const sold = (async () => {
      let n = 1;
      for (; selling && n < 5_000; n++)
        assert.equal(
          (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [n] })).status,
          201,
          `${n}`,
        );
      return n;
    })();
    const made = await Promise.all(
      [1, 2, 3].map(() =>
        app.nest
          .get(PartitionsService)
          .makeAhead()
          .catch((error: pg.DatabaseError) => error.code!),
      ),
    );
    await app.nest.get(PartitionsService).makeAhead();
    selling = false;
    assert.ok((await sold) > 1);
    assert.ok(
      made.every((result) => typeof result === 'number' || ['55P03', '42P07', '40P01'].includes(result)),
      `${made}`,
    );
    // The quarter whose fact came before its partition has none.
    await until(async () => (await ahead()) === 1);
    const { rows } = await app.db.query(
      `SELECT partition_sort_v1('fact') AS facts, partition_sort_v1('seat_feed') AS frames`,
    );
    assert.ok(Number(rows[0].facts) > 0);
    assert.match((await placeOf('fact', 'stream_id', late))[0]!, /^fact_20\d\dq[1-4]$/);
    await until(async () => (await ahead()) >= 4);
    assert.deepEqual(await partitions('fact'), (await partitions('fact')).toSorted());
    await app.db.query('DELETE FROM seat_feed_other');
    await assertAuditClean(app);
  });
});

describe('a database with plain tables', () => {
  test('becomes partitioned without losing a row, and plain again', async () => {
    const database = await createTestDatabase();
    try {
      const source = new DataSource(dataSourceOptions(database.url, 2));
      await source.initialize();
      try {
        const kind = async () =>
          (
            await database.pool.query(
              `SELECT relname, relkind FROM pg_class WHERE relname IN ('fact', 'seat_feed') ORDER BY 1`,
            )
          ).rows.map(({ relkind }) => relkind);
        const rows = async () =>
          (
            await database.pool.query(
              `SELECT encode(fact_digest(f), 'hex') AS digest, f.pos, f.xid FROM fact f ORDER BY xid, pos`,
            )
          ).rows;
        const write = (id: string) =>
          database.pool.query(
            `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('venue', $1, 1, 'venue.created', '{"a": 1}');`,
            [id],
          );
        while ((await kind()).includes('p')) await source.undoLastMigration();
        await Promise.all(Array.from({ length: 20 }, () => write(newId())));
        const before = await rows();
        assert.equal(before.length, 20);
        await source.runMigrations();
        assert.deepEqual(await kind(), ['p', 'p']);
        assert.deepEqual(await rows(), before);
        await write(newId());
        const grown = await rows();
        assert.equal(new Set(grown.map(({ pos }) => pos)).size, 21);
        while ((await kind()).includes('p')) await source.undoLastMigration();
        assert.deepEqual(await rows(), grown);
        await write(newId());
        await source.runMigrations();
      } finally {
        await source.destroy();
      }
    } finally {
      await database.drop();
    }
  });
});
