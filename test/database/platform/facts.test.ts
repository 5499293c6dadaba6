import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import { type INestApplicationContext, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { translateDatabaseError } from '../../../src/platform/common/database-errors.js';
import type { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { runInContext } from '../../../src/platform/common/request-context.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import type { Tx } from '../../../src/platform/database/tx.js';
import { type Cursor, NOTHING } from '../../../src/platform/facts/cursors.repository.js';
import type { Fact } from '../../../src/platform/facts/fact-map.js';
import { factPages, streamPages } from '../../../src/platform/facts/fact-pages.js';
import { OnFact, OnFactEverywhere } from '../../../src/platform/facts/facts.decorators.js';
import { FactsModule } from '../../../src/platform/facts/facts.module.js';
import { FactsRepository, PAGE } from '../../../src/platform/facts/facts.repository.js';
import { FactsService } from '../../../src/platform/facts/facts.service.js';
import { ObservabilityModule } from '../../../src/platform/observability/observability.module.js';
import { configWith } from '../../support/config.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

declare module '../../../src/platform/facts/fact-map.js' {
  interface FactMap {
    'probe.made': { n: number };
    'probe.broken': { n: number };
    'other.made': Record<string, never>;
  }
}

let poisoned = true;

/** Effects go to a table without any key, so that whatever is done twice is there twice. */
@Injectable()
class Journal {
  @OnFact('probe.*', { name: 'journal' })
  async write(tx: Tx, fact: Fact<'probe.made' | 'probe.broken'>) {
    await tx.query(
      'INSERT INTO journal (handler, stream_id, version, correlation_id) VALUES ($1, $2, $3, $4)',
      ['journal', fact.streamId, fact.version, fact.correlationId],
    );
  }
}

@Injectable()
class Delicate {
  @OnFact(['probe.made', 'probe.broken'], { name: 'delicate' })
  async write(tx: Tx, fact: Fact<'probe.made' | 'probe.broken'>) {
    await tx.query("INSERT INTO journal (handler, stream_id, version) VALUES ('delicate', $1, $2)", [
      fact.streamId,
      fact.version,
    ]);
    if (fact.type === 'probe.broken' && poisoned) throw new Error(`cannot digest ${fact.data.n}`);
  }
}

@Injectable()
class Swallower {
  @OnFact('probe.made', { name: 'swallower' })
  async write(tx: Tx, fact: Fact<'probe.made'>) {
    if (fact.data.n === 666) await tx.query('SELECT 1 / 0').catch(() => {});
  }
}

@Injectable()
class Latecomer {
  @OnFact('probe.made', { name: 'latecomer', from: 'now' })
  async write(tx: Tx, fact: Fact<'probe.made'>) {
    await tx.query("INSERT INTO journal (handler, stream_id, version) VALUES ('latecomer', $1, $2)", [
      fact.streamId,
      fact.version,
    ]);
  }
}

@Injectable()
class Listener {
  readonly heard: string[] = [];

  @OnFactEverywhere('probe.made')
  hear(fact: Fact<'probe.made'>) {
    this.heard.push(`${fact.streamId} ${fact.version}`);
    if (fact.data.n === 13) throw new Error('a listener that fails');
  }
}

let database: TestDatabase;
let pool: pg.Pool;
let open: INestApplicationContext[] = [];

async function replica(...providers: Type[]): Promise<INestApplicationContext> {
  const config = configWith({ database: { url: database.url } });
  @Module({
    imports: [ConfigModule.with(config), DatabaseModule, ObservabilityModule, FactsModule],
    providers,
  })
  class Replica {}
  const context = await NestFactory.createApplicationContext(Replica, { logger: false });
  open.push(context);
  return context;
}

const insertProbe = `INSERT INTO fact (stream, stream_id, version, type, data)
  VALUES ('probe', $1, $2, 'probe.made', '{"n": 1}')`;

const probe = (streamId: string, n = 0, type: 'probe.made' | 'probe.broken' = 'probe.made') => ({
  type,
  stream: 'probe',
  streamId,
  data: { n },
});

const append = (context: INestApplicationContext, ...facts: Parameters<FactsService['append']>[1][]) =>
  context.get(DatabaseService).transaction((tx) => context.get(FactsService).append(tx, ...facts));

const journal = async (handler: string, streamId?: string): Promise<number[]> => {
  const { rows } = await pool.query(
    'SELECT version FROM journal WHERE handler = $1 AND ($2::uuid IS NULL OR stream_id = $2) ORDER BY no',
    [handler, streamId ?? null],
  );
  return rows.map((row) => row.version);
};

async function eventually<T>(read: () => Promise<T> | T, expected: T, milliseconds = 30_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await read();
    try {
      assert.deepEqual(found, expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}

describe('facts', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 25 });
    pool.on('error', () => {}); // closing connections are cut off when the database is dropped
    await pool.query(`CREATE TABLE journal (no bigint GENERATED ALWAYS AS IDENTITY, handler text,
      stream_id uuid, version int, correlation_id text)`);
  });

  afterEach(async () => {
    await Promise.all(open.map((context) => context.close()));
    open = [];
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  test('versions count within a stream, also in bulk; the request is remembered', async () => {
    const app = await replica();
    const [one, two] = [newId(), newId()];
    await runInContext({ correlationId: 'request-7' }, () =>
      append(app, probe(one), probe(two), probe(one), { ...probe(one), eventId: two, actor: one }),
    );
    await append(app, probe(one));
    const history = await app.get(FactsService).history('probe', one);
    assert.deepEqual(
      history.map(({ version, correlationId }) => [version, correlationId]),
      [
        [1, 'request-7'],
        [2, 'request-7'],
        [3, 'request-7'],
        [4, null],
      ],
    );
    assert.deepEqual([history[2]!.eventId, history[2]!.actor], [two, one]);
    assert.deepEqual(history[0]!.data, { n: 0 });
  });

  test('a version that exists is refused; of two writers without a lock the second repeats its work', async () => {
    const app = await replica();
    const id = newId();
    await append(app, probe(id));
    await assert.rejects(append(app, { ...probe(id), version: 1 }), (error) => {
      assert.equal(translateDatabaseError(error)?.code, 'version_mismatch' satisfies DomainError['code']);
      return true;
    });
    await Promise.all([append(app, probe(id)), append(app, probe(id)), append(app, probe(id))]);
    const history = await app.get(FactsService).history('probe', id);
    assert.deepEqual(
      history.map(({ version }) => version),
      [1, 2, 3, 4],
    );
  });

  test('facts cannot be changed or removed', async () => {
    for (const sql of ['UPDATE fact SET version = 9', 'DELETE FROM fact', 'TRUNCATE fact'])
      await assert.rejects(pool.query(sql), /append-only/);
  });

  test('two handlers of one name are refused at start', async () => {
    class Twin extends Journal {}
    await assert.rejects(replica(Journal, Twin), /Two @OnFact handlers are named journal/);
  });

  test('facts of slow transactions are neither skipped nor waited for', async () => {
    const app = await replica(Journal);
    const { rowCount } = await pool.query('SELECT FROM fact');
    await eventually(async () => (await journal('journal')).length, rowCount);
    const [slow, quick] = [newId(), newId()];
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(insertProbe, [slow, 1]);
    await append(app, probe(quick));
    await eventually(() => journal('journal', quick), [1]);
    assert.deepEqual(await journal('journal', slow), []);
    await client.query(insertProbe, [slow, 2]);
    await client.query('COMMIT');
    client.release();
    await eventually(() => journal('journal', slow), [1, 2]);
  });

  test('a stream stays in order when an older transaction wrote its later fact while a third one runs', async () => {
    const app = await replica(Journal);
    const stream = newId();
    const [older, third] = [await pool.connect(), await pool.connect()];
    for (const client of [older, third]) {
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
    }
    await append(app, { ...probe(stream), version: 1 });
    await older.query(insertProbe, [stream, 2]);
    await older.query('COMMIT');
    await eventually(() => journal('journal', stream), [1, 2]);
    await third.query(insertProbe, [stream, 3]);
    await third.query('COMMIT');
    for (const client of [older, third]) client.release();
    await eventually(() => journal('journal', stream), [1, 2, 3]);
  });

  test('a long history is read in pieces: all of it once, by position, also from the middle and with a straggler', async () => {
    const app = await replica();
    const facts = app.get(FactsRepository);
    const { now: seen } = await facts.look(NOTHING);
    const straggler = await pool.connect();
    await straggler.query('BEGIN');
    await straggler.query(insertProbe, [newId(), 1]);
    for (let i = 0; i < 8; i++)
      await pool.query(
        `INSERT INTO fact (stream, stream_id, version, type, data)
         SELECT 'probe', gen_random_uuid(), 1, CASE n % 3 WHEN 0 THEN 'probe.made' ELSE 'other.made' END, '{}'
           FROM generate_series(1, 1000) n`,
      );
    await straggler.query(insertProbe, [newId(), 1]);
    const unseen = await facts.look(seen);
    await straggler.query('COMMIT');
    straggler.release();
    const { now } = await facts.look(seen);

    const read = async (from: Cursor, target: string, patterns: string[]) => {
      const pages = [];
      for await (const page of factPages(facts, from, target, patterns)) pages.push(page);
      return { pages, read: pages.flatMap((page) => page.facts.map(({ pos }) => Number(pos))) };
    };
    const start = { seen, until: seen, pos: '0' };
    const written = async (type: string) => {
      const { rows } = await pool.query(
        `SELECT pos::int FROM fact WHERE NOT pg_visible_in_snapshot(xid, $1) AND type LIKE $2 ORDER BY pos`,
        [seen, type],
      );
      return rows.map(({ pos }) => pos);
    };
    const whole = await read(start, now, ['%']);
    assert.deepEqual(whole.read, await written('%'));
    assert.equal(whole.read.length, 8_002);
    assert.ok(whole.pages.every((page) => page.facts.length <= PAGE));
    assert.deepEqual((await read(start, now, ['probe.%'])).read, await written('probe.%'));
    const middle = whole.pages[2]!;
    assert.deepEqual(
      (await read(middle.at, now, ['%'])).read,
      whole.read.filter((pos) => pos > Number(middle.at.pos)),
    );
    const early = await read(start, unseen.now, ['%']);
    assert.equal(early.read.length, 8_000);
    const { read: late } = await read(early.pages.at(-1)!.at, now, ['%']);
    assert.deepEqual(
      [...early.read, ...late].sort((a, b) => a - b),
      whole.read,
    );
  });

  test('a fact that comes while a reader only saves its cursor is delivered without another one', async () => {
    const [before, during] = [newId(), newId()];
    const first = await replica(Journal);
    await append(first, probe(before));
    await eventually(() => journal('journal', before), [1]);
    await first.close();
    open = [];
    const saving = await pool.connect();
    await saving.query('BEGIN');
    await saving.query("SELECT FROM fact_cursor WHERE handler = 'journal' FOR UPDATE");
    const app = await replica(Journal);
    await eventually(
      async () =>
        (
          await pool.query(
            `SELECT FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM fact_cursor%'`,
          )
        ).rowCount,
      1,
    );
    await append(app, probe(during));
    // The leader looks at least once a second: it has seen the fact before its reader goes on.
    await sleep(1_500);
    await saving.query('COMMIT');
    saving.release();
    await eventually(() => journal('journal', during), [1]);
  });

  test('what was rolled back is not delivered; the correlation id reaches what is', async () => {
    const app = await replica(Journal);
    const id = newId();
    await assert.rejects(
      app.get(DatabaseService).transaction(async (tx) => {
        await app.get(FactsService).append(tx, probe(id));
        throw new Error('no');
      }),
    );
    await runInContext({ correlationId: 'request-8' }, () => append(app, probe(id)));
    await eventually(() => journal('journal', id), [1]);
    const { rows } = await pool.query('SELECT correlation_id FROM journal WHERE stream_id = $1', [id]);
    assert.deepEqual(rows, [{ correlation_id: 'request-8' }]);
  });

  test('killed leaders and competing relays: each fact has its effect once, in order', async () => {
    await Promise.all([replica(Journal), replica(Journal)]);
    const streams = Array.from({ length: 20 }, newId);
    let kills = 0;
    let rounds = 0;
    for (; kills < 10; rounds++) {
      await Promise.all(
        streams.map(async (id, index) => {
          const client = await pool.connect();
          // An xid first and the lock after it, so that commit order, xid order and stream order all differ.
          await client.query('BEGIN');
          await client.query('SELECT pg_current_xact_id()');
          await sleep(Math.random() * 10);
          for (const streamId of [id, streams[(index + 7) % 20]!].sort()) {
            await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [streamId]);
            await client.query(
              `INSERT INTO fact (stream, stream_id, version, type, data)
               SELECT 'probe', $1, 1 + coalesce(max(version), 0), 'probe.made', '{"n": 1}'
                 FROM fact WHERE stream_id = $1`,
              [streamId],
            );
          }
          await client.query('COMMIT');
          client.release();
        }),
      );
      // Every other time the leader itself, else a transaction in the middle of its batch.
      const { rowCount } = await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND (($1 AND application_name = 'evently-relay')
            OR (NOT $1 AND application_name = 'evently' AND state <> 'idle'))`,
        [kills % 2 === 0],
      );
      kills += rowCount ?? 0;
    }
    const expected = Array.from({ length: 2 * rounds }, (_, index) => index + 1);
    for (const id of streams) await eventually(() => journal('journal', id), expected, 20_000);
  });

  test('a poisonous fact parks its stream for its handler only, and can be retried', async () => {
    const app = await replica(Journal, Delicate);
    const facts = app.get(FactsService);
    const [sick, well] = [newId(), newId()];
    await append(app, probe(sick), probe(sick, 4711, 'probe.broken'), probe(sick), probe(well));
    await eventually(() => journal('delicate', well), [1], 20_000);
    const [parked, ...none] = await facts.parked();
    assert.deepEqual(none, []);
    assert.equal(parked?.handler, 'delicate');
    assert.equal(parked.streamId, sick);
    assert.equal(parked.version, 2);
    assert.ok(parked.attempts >= 1 && parked.attempts < 10 && parked.retryAt);
    assert.match(parked.error, /cannot digest 4711/);
    await append(app, probe(sick), probe(well));
    await eventually(() => journal('delicate', well), [1, 2]);
    assert.deepEqual(await journal('delicate', sick), [1]);
    await eventually(() => journal('journal', sick), [1, 2, 3, 4]);

    await pool.query('UPDATE fact_parked SET attempts = 9, retry_at = clock_timestamp()');
    await eventually(async () => (await facts.parked())[0]?.retryAt, null);
    assert.equal((await facts.parked())[0]?.attempts, 10);
    await assert.rejects(facts.retryParked('delicate', 'probe', sick), /cannot digest/);
    assert.deepEqual(
      (await facts.parked()).map(({ attempts, retryAt }) => [attempts, retryAt]),
      [[11, null]],
    );
    assert.deepEqual(await journal('delicate', sick), [1]);
    poisoned = false;
    assert.equal(await facts.retryParked('delicate', 'probe', sick), true);
    assert.equal(await facts.retryParked('delicate', 'probe', sick), false);
    await append(app, probe(sick));
    await eventually(() => journal('delicate', sick), [1, 2, 3, 4, 5]);
    assert.deepEqual(await facts.parked(), []);
  });

  test('facts that fail hold up no others, and are made up for once the cause is mended', async () => {
    poisoned = true;
    const app = await replica(Delicate);
    const [sick, well] = [Array.from({ length: 7 }, newId), Array.from({ length: 20 }, newId)];
    const all = [...sick, ...well];
    // In one page, so that the poison lies in the middle of what is handled together.
    await append(app, ...all.map((id) => probe(id)));
    for (const id of sick)
      await append(app, probe(id, 1, 'probe.broken'), ...well.map((one) => probe(one)), probe(id));
    for (const id of well) await eventually(() => journal('delicate', id), [1, 2, 3, 4, 5, 6, 7, 8]);
    for (const id of sick) assert.deepEqual(await journal('delicate', id), [1]);
    const facts = app.get(FactsService);
    // Each is tried again, none is left to an operator by then.
    await eventually(async () => (await facts.parked()).every(({ attempts }) => attempts > 1), true);
    assert.deepEqual((await facts.parked()).map(({ streamId }) => streamId).toSorted(), sick.toSorted());
    poisoned = false;
    await pool.query('UPDATE fact_parked SET retry_at = clock_timestamp()');
    await append(app, ...all.map((id) => probe(id)));
    for (const id of sick) await eventually(() => journal('delicate', id), [1, 2, 3, 4]);
    for (const id of well) await eventually(() => journal('delicate', id), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(await facts.parked(), []);
  });

  test('a handler that swallows a database error loses nothing silently', async () => {
    const app = await replica(Swallower);
    const id = newId();
    await append(app, probe(id, 666));
    await eventually(
      async () => (await app.get(FactsService).parked()).map(({ handler, streamId }) => [handler, streamId]),
      [['swallower', id]],
    );
  });

  test('a handler from now on and listeners on every replica', async () => {
    const early = newId();
    const older = await replica();
    await append(older, probe(early));
    // As long as a replica leads that does not know a handler, the handler waits.
    await older.close();
    open = [];
    const replicas = [await replica(Latecomer, Listener), await replica(Latecomer, Listener)];
    await eventually(
      async () => (await pool.query("SELECT FROM fact_cursor WHERE handler = 'latecomer'")).rowCount,
      1,
    );
    const id = newId();
    await append(replicas[0]!, probe(id, 13), probe(id, 14), {
      type: 'other.made',
      stream: 'other',
      streamId: id,
      data: {},
    });
    for (const context of replicas)
      await eventually(
        () => context.get(Listener).heard.filter((heard) => heard.includes(id)),
        [`${id} 1`, `${id} 2`],
      );
    await eventually(() => journal('latecomer', id), [1, 2]);
    assert.deepEqual(await journal('latecomer', early), []);
  });

  test('all that a snapshot shows is read by stream: all of it once, each stream in order', async () => {
    const app = await replica();
    const straggler = await pool.connect();
    await straggler.query('BEGIN');
    await straggler.query(insertProbe, [newId(), 1]);
    await pool.query(
      `INSERT INTO fact (stream, stream_id, version, type, data)
       SELECT kind, id, version, CASE version WHEN 3 THEN 'other.made' ELSE 'probe.made' END, '{}'
         FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 20)) ids,
              unnest('{probe, twin}'::text[]) AS kind, generate_series(1, 5) AS version`,
    );
    const facts = app.get(FactsRepository);
    const { now } = await facts.look(NOTHING);
    await straggler.query('COMMIT');
    straggler.release();
    // Pages end within streams, and between two streams of one id.
    for (const size of [7, 1_000_000]) {
      const pages = [];
      for await (const page of streamPages(facts, now, ['probe.%'], size)) pages.push(page);
      assert.ok(pages.slice(0, -1).every((page) => page.length === size));
      const { rows } = await pool.query(
        `SELECT stream_id, version, stream FROM fact WHERE type LIKE 'probe.%' AND pg_visible_in_snapshot(xid, $1)
         ORDER BY 1, 2, 3`,
        [now],
      );
      assert.deepEqual(
        pages.flat().map(({ streamId, version, stream }) => ({ stream_id: streamId, version, stream })),
        rows,
      );
    }
  });
});
