import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { SealsService } from '../../../src/platform/facts/seals.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { runCli } from '../../support/cli.js';
import { createTestDatabase } from '../../support/database.js';
import { openSale, plainHall } from '../../support/halls.js';

// Every fact is sealed soon by the job; here the test says when.
describe('sealed facts', () => {
  let app: TestApp;
  let seals: SealsService;
  let head: string;

  const one = async (sql: string) => (await app.db.query(sql)).rows[0];
  /** As somebody with all rights in the database would, past the triggers. */
  const tamper = async (...statements: string[]) => {
    const client = await app.db.connect();
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
    client.release();
  };
  const restore = () =>
    tamper(
      'DELETE FROM fact',
      'INSERT INTO fact OVERRIDING SYSTEM VALUE SELECT * FROM kept_fact',
      'DELETE FROM fact_seal',
      'INSERT INTO fact_seal SELECT * FROM kept_seal',
    );
  const problems = async (kept?: string) => (await seals.verify(kept)).problems;
  const nameOf = async (pos: number) =>
    (
      await one(
        `SELECT concat_ws(' ', stream, stream_id, version, type) AS name FROM kept_fact WHERE pos = ${pos}`,
      )
    ).name;

  beforeAll(async () => {
    app = await startApp();
    seals = app.nest.get(SealsService);
  });
  afterAll(() => app.close());

  test('seals follow commits, not positions: nothing is left out and nothing sealed twice, whoever seals', async () => {
    const slow = await app.db.connect();
    const insert = `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('probe', $1, 1, 'probe.slow', '{}')`;
    await slow.query('BEGIN');
    await slow.query(insert, [newId()]);
    const { eventId } = await openSale(app, plainHall(30, 40));
    const buyers = await app.people(8);
    let next = 0;
    const selling = buyers.map(async ({ client }) => {
      for (let i = 0; i < 40; i++)
        assert.equal((await client.post(`/events/${eventId}/holds`, { seats: [next++] })).status, 201);
    });
    for (let i = 0; i < 6; i++) await Promise.all([seals.seal(), seals.seal()]);
    await slow.query('COMMIT');
    slow.release();
    await Promise.all(selling);
    await app.db.query(
      `INSERT INTO fact (stream, stream_id, version, type, data)
       SELECT 'probe', gen_random_uuid(), 1, 'probe.made', '{}' FROM generate_series(1, 2500)`,
    );
    await Promise.all([seals.seal(), seals.seal()]);
    const report = await seals.verify();
    assert.deepEqual(report.problems, []);
    const counts = await one(
      `SELECT (SELECT count(*)::int FROM fact) AS facts,
              (SELECT count(DISTINCT p)::int FROM fact_seal, unnest(positions) p) AS sealed,
              (SELECT max(cardinality(positions)) FROM fact_seal) AS most`,
    );
    assert.deepEqual(counts, { facts: report.sealed, sealed: report.sealed, most: 1_000 });
    assert.equal(report.head!.no, (await one('SELECT count(*)::int AS n FROM fact_seal')).n);
    head = report.head!.hash;
    await app.db.query('CREATE TABLE kept_fact AS TABLE fact; CREATE TABLE kept_seal AS TABLE fact_seal');
  });

  test('seals cannot be changed or removed by the application', async () => {
    for (const sql of ['UPDATE fact_seal SET no = 0', 'DELETE FROM fact_seal', 'TRUNCATE fact_seal'])
      await assert.rejects(app.db.query(sql), /append-only/);
  });

  test('a changed, a missing, swapped and slipped-in facts are found and named', async () => {
    const { low, high } = await one(
      `SELECT min(pos)::int AS low, max(pos)::int AS high FROM kept_fact WHERE type = 'booking.held'`,
    );
    const seal = (await one(`SELECT no FROM kept_seal WHERE ${low} = ANY (positions)`)).no;

    await tamper(`UPDATE fact SET data = data || '{"total": 1}' WHERE pos = ${low}`);
    assert.deepEqual(await problems(), [`fact at ${low} was changed, ${await nameOf(low)}, seal ${seal}`]);
    await restore();
    await tamper(`UPDATE fact SET occurred_at = occurred_at - interval '1 microsecond' WHERE pos = ${low}`);
    assert.equal((await problems()).length, 1);
    await restore();
    await tamper(`DELETE FROM fact WHERE pos = ${low}`);
    assert.deepEqual(await problems(), [`fact at ${low} is missing, seal ${seal}`]);
    await restore();
    await tamper(
      `UPDATE fact f SET data = o.data FROM kept_fact o
        WHERE f.pos IN (${low}, ${high}) AND o.pos IN (${low}, ${high}) AND o.pos <> f.pos`,
    );
    assert.deepEqual(
      (await problems()).map((line) => line.split(', ')[0]),
      [`fact at ${low} was changed`, `fact at ${high} was changed`],
    );
    await restore();
    // In the past: behind what is sealed.
    await tamper(
      `INSERT INTO fact (xid, pos, stream, stream_id, version, type, data) OVERRIDING SYSTEM VALUE
       VALUES ('3', 999999999, 'booking', '${newId()}', 1, 'booking.held', '{}')`,
    );
    assert.match((await problems()).join(), /^fact at 999999999 is in no seal/);
    await restore();
    assert.deepEqual(await problems(head), []);
  });

  test('a changed, a missing and a replaced seal are found', async () => {
    await tamper(
      `UPDATE fact SET data = '{"n": 1}' WHERE pos = (SELECT positions[1] FROM fact_seal WHERE no = 2)`,
      `UPDATE fact_seal SET digests[1] = (SELECT fact_digest(f) FROM fact f WHERE f.pos = positions[1]) WHERE no = 2`,
    );
    assert.deepEqual(await problems(), ['seal 2: it was changed']);
    await tamper(`UPDATE fact_seal SET hash = fact_seal_hash(previous, no, digests) WHERE no = 2`);
    assert.deepEqual(await problems(), ['seal 3: it does not continue the one before']);
    await restore();
    await tamper('DELETE FROM fact_seal WHERE no = 2');
    assert.equal((await problems())[0], 'seal 3: seals before it are missing');
    await restore();
  });

  test('a chain that was made anew is only found by a head that was kept elsewhere', async () => {
    await tamper(
      `UPDATE fact SET data = '{"total": 1}' WHERE pos = (SELECT min(pos) FROM fact)`,
      'DELETE FROM fact_seal',
      `UPDATE fact_cursor SET seen = '1:1:', until = '1:1:', pos = 0 WHERE handler = 'seals'`,
    );
    await seals.seal();
    assert.deepEqual(await problems(), []);
    assert.deepEqual(await problems(head), [
      `no seal has the hash ${head} that was kept: the chain is another one`,
    ]);
  });

  test('npm run audit:verify', async () => {
    const verifyAt = (databaseUrl: string, ...args: string[]) =>
      runCli('verify', args, { DATABASE_URL: databaseUrl });
    const verify = (...args: string[]) => verifyAt(app.config.database.url, ...args);
    const clean = await verify();
    assert.deepEqual([clean.code, clean.err], [0, '']);
    assert.match(clean.out, /^head [0-9a-f]{64} \(seal \d+, \d+ facts\)\nAll \d+ sealed facts are as/);
    const file = join(app.config.dataDir, `head-${newId()}`);
    writeFileSync(file, `${head}\n${clean.out}`);
    assert.equal((await verify('--head', file)).code, 0);
    rmSync(file);
    const other = await verify('--head', head);
    assert.deepEqual([other.code, other.err], [1, '']);
    assert.match(other.out, /the chain is another one/);
    const wrong = await verify('--head', 'nonsense');
    assert.deepEqual([wrong.code, wrong.out], [1, '']);
    assert.match(wrong.err, /neither a hash nor a file/);
    const fresh = await createTestDatabase();
    assert.match((await verifyAt(fresh.url)).out, /^Nothing is sealed, so nothing was verified/);
    await fresh.drop();
  });
});
