import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import type { Agent } from 'undici';
import { type Claim, HoldsRepository } from '../../../src/inventory/holds/holds.repository.js';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { type Answer, Client, createAgent } from '../../support/client.js';
import { Crowd, type CrowdOptions } from '../../support/crowd.js';
import { assertExact } from '../../support/exact.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';
import { assertKept } from '../../support/kept.js';
import { rush } from '../../support/load.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { freePort } from '../../support/process.js';
import { feelPulse, residentMemory } from '../../support/pulse.js';
import { Replica } from '../../support/replica.js';
import { SeatWatcher } from '../../support/seat-watcher.js';

const BUYERS = 1_000;
const FLOOR = { name: 'Floor', capacity: 3_000 };
/** 10,000 seats and 3,000 places: more than a crowd gets through in a test. */
const bigHall = () => plainHall(100, 100, [FLOOR]);
const any = (count: number) => Math.floor(Math.random() * count);

describe('when things break', () => {
  let app: TestApp;
  let buyers: Person[];
  let agent: Agent;
  const replicas: Replica[] = [];
  const watchers: SeatWatcher[] = [];

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    buyers = await app.people(BUYERS);
    agent = createAgent();
  });
  afterEach(async () => {
    for (const watcher of watchers.splice(0)) watcher.close();
    await Promise.all(replicas.splice(0).map((replica) => replica.process.end('SIGKILL')));
  });
  afterAll(async () => {
    await agent.destroy();
    await app.close();
  });

  const start = async (env: Record<string, string> = {}) => {
    const replica = await Replica.start(app, env);
    replicas.push(replica);
    return replica;
  };
  const watch = (url: string, eventId: string) => {
    const watcher = new SeatWatcher(url, eventId);
    watchers.push(watcher);
    return watcher.ready();
  };
  const clientsOf = (replica: Replica, through = agent) =>
    buyers.map(({ token }) => replica.client(through, token));
  /** Seats, pairs, the best seats, places: mostly one seat of 10,000. */
  const wish = () => {
    const kind = Math.random();
    if (kind < 0.1) return { areas: [{ area: FLOOR.name, quantity: 1 + any(2) }] };
    if (kind < 0.15) return { best: { quantity: 2 } };
    const n = any(9_999);
    return { seats: kind < 0.3 ? [n, n + 1] : [n] };
  };
  const crowd = (replica: Replica, eventId: string, options: Partial<CrowdOptions> = {}) =>
    new Crowd({ eventId, clients: clientsOf(replica), width: 300, wish, releases: 0.15, ...options });
  const report = (what: object) => note(JSON.stringify(what));
  /** Statements of applications that wait for a lock. */
  const waitingForLock = async () => {
    const { rows } = await app.db.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0].count as number;
  };
  const until = async (reached: () => boolean | Promise<boolean>, ms = 10_000) => {
    for (const end = Date.now() + ms; !(await reached()); await sleep(5))
      if (Date.now() > end) throw new Error(`Still not so after ${ms} ms: ${reached}`);
  };
  /** Keeps everybody else from the event's feed row. */
  const lockFeedRow = async (eventId: string) => {
    const client = await app.db.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM inventory WHERE event_id = $1 FOR UPDATE', [eventId]);
    return async () => {
      await client.query('COMMIT');
      client.release();
    };
  };

  test('kill -9 in the middle of a rush, twice: whatever was acknowledged is there, and a watcher follows through', async () => {
    const { eventId } = await openSale(app, bigHall());
    const PORT = String(await freePort());
    let replica = await start({ PORT });
    const watcher = await watch(replica.url, eventId);
    const rushing = crowd(replica, eventId, { width: 150 });
    for (let kills = 0; kills < 2; kills++) {
      await rushing.gets(200);
      await sleep(any(300));
      await replica.process.end('SIGKILL');
      replica = await start({ PORT });
      await until(() => watcher.seen.connects === kills + 2);
    }
    await rushing.gets(200);
    await rushing.stop();
    report({ held: rushing.held.length, heard: rushing.heard, watcher: watcher.seen });
    assert.deepEqual(
      Object.keys(rushing.heard).filter((what) => !/^(201|204|409|none .*)$/.test(what)),
      [],
    );
    await assertKept(app.db, eventId, rushing);
    await assertExact(app.db, watcher);
    await assertAuditClean(app);
  });

  test('connections to the database cut all the time: 201, 409 or 503, and a retry with the same key never holds twice', async () => {
    const { eventId } = await openSale(app, bigHall());
    const replica = await start();
    const clients = clientsOf(replica);
    const heard = new Set<string>();
    let answered = 0;
    let cut = 0;
    let over = false;
    // Again as soon as some got through, at any moment of the batches after.
    const cutting = (async () => {
      for (let last = 0; !over; await sleep(any(30))) {
        await until(() => over || answered > last + 30);
        last = answered;
        const { rows } = await app.db.query(
          `SELECT count(pg_terminate_backend(pid))::int AS cut FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'evently-hot'`,
        );
        cut += rows[0].cut;
      }
    })();
    // Each of five rounds gives 700 seats to a thousand buyers.
    const persistent = async (i: number): Promise<Answer> => {
      const round = Math.floor(i / BUYERS);
      const seat = round * 700 + ((i % BUYERS) % 700);
      for (;;) {
        const answer = await clients[i % BUYERS]!.post(
          `/events/${eventId}/holds`,
          { seats: [seat] },
          { 'idempotency-key': `round-${round}` },
        );
        heard.add(`${answer.status} ${answer.body.code.replace(/^\w{4}-\w{4}$/, '')}`.trim());
        if (answer.status !== 503) {
          answered++;
          return answer;
        }
        assert.ok(Number(answer.headers['retry-after']) > 0);
        await sleep(20);
      }
    };
    const result = await rush(5 * BUYERS, 300, persistent);
    over = true;
    await cutting;
    report({ cut, heard: [...heard], ms: result.ms });
    assert.ok(cut > 20 && heard.has('503 outcome_unknown'), `${cut} cut`);
    assert.deepEqual(
      [...heard].filter(
        (what) => !/^(201|409 seats_taken|503 (outcome_unknown|database_unavailable))$/.test(what),
      ),
      [],
    );
    assert.deepEqual(result.statuses, { 201: 3_500, 409: 1_500 });
    const { rows } = await app.db.query(
      `SELECT b.id, i.n FROM booking b JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id
       WHERE b.event_id = $1 AND b.status = 'held' ORDER BY i.n`,
      [eventId],
    );
    const told = result.answers
      .filter(({ status }) => status === 201)
      .map(({ body }) => ({ id: body.id, n: body.items[0].seat.n }));
    assert.deepEqual(
      rows,
      told.toSorted((a, b) => a.n - b.n),
    );
    const calm = await clients[0]!.post(`/events/${eventId}/holds`, { seats: [9_000] });
    assert.equal(calm.status, 201);
    await assertAuditClean(app);
  });

  test('a connection that dies between two of its questions ends that reading and nothing else', async () => {
    const reading = app.nest.get(DatabaseService).snapshot(async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await app.db.query('SELECT pg_terminate_backend($1, 5000)', [rows[0].pid]);
      await sleep(100);
      await client.query('SELECT 1');
    });
    await assert.rejects(reading, /connection|terminated/i);
    assert.equal((await app.client().get('/health/ready')).status, 200);
  });

  test('four times more than it takes for 10 s: memory stays flat, the excess hears 503 with Retry-After, nothing is lost', async () => {
    const { eventId } = await openSale(app, plainHall(200, 250, [FLOOR]));
    const replica = await start({ EVENTLY_LANE_QUEUE: '256' });
    const wide = createAgent(2_048);
    const pulse = feelPulse(replica.url, replica.process.pid, 11_000);
    await sleep(1_000);
    let n = 0;
    const rushing = crowd(replica, eventId, {
      clients: clientsOf(replica, wide),
      width: 2_000,
      wish: () => ({ seats: [n++ % 50_000] }),
      releases: 0,
      patience: 0,
    });
    const { memory, health } = await pulse;
    await rushing.stop();
    await wide.destroy();
    const third = Math.floor(memory.length / 3);
    const middle = Math.max(...memory.slice(third, 2 * third));
    const last = Math.max(...memory.slice(2 * third));
    const slowestHealth = Math.max(...health.map(({ ms }) => ms));
    report({ heard: rushing.heard, memory: { middle, last }, health: health.length, slowestHealth });
    assert.ok(last < 400 && last <= 1.25 * middle, `${memory}`);
    assert.deepEqual(new Set(health.map(({ status }) => status)), new Set([200]));
    assert.ok(slowestHealth < 5_000, `${slowestHealth} ms`);
    assert.ok(rushing.unavailable.length > 0, JSON.stringify(rushing.heard));
    for (const { body, headers } of rushing.unavailable)
      assert.deepEqual([body.code, headers['retry-after']], ['overloaded', '1']);
    assert.deepEqual(
      Object.keys(rushing.heard).filter((what) => !['201', '409', '503 overloaded'].includes(what)),
      [],
    );
    await assertKept(app.db, eventId, rushing);
    await assertAuditClean(app);
  });

  test('a thousand buyers at once: the process stays below 400 MB', async () => {
    const { eventId } = await openSale(app, realHall());
    const replica = await start();
    const clients = clientsOf(replica);
    const result = await rush(BUYERS, BUYERS, (i) =>
      clients[i]!.post(`/events/${eventId}/holds`, { seats: [i] }),
    );
    const peak = residentMemory(replica.process.pid, 'VmHWM');
    report({ peakMegabytes: peak, ms: result.ms });
    assert.deepEqual(result.statuses, { 201: BUYERS });
    assert.ok(peak < 400, `${peak} MB`);
  });

  test('a client that hung up while it waited gets nothing held', async () => {
    const { eventId } = await openSale(app, realHall());
    const impatient = createAgent();
    const hold = (i: number, through: Agent) =>
      new Client(app.url, through, buyers[i]!.token).post(`/events/${eventId}/holds`, { seats: [i] });
    const lanes = app.nest.get(HoldsService);
    const unlock = await lockFeedRow(eventId);
    const first = hold(0, agent);
    await until(async () => (await waitingForLock()) === 1);
    const patient = Array.from({ length: 20 }, (_, i) => hold(1 + i, agent));
    const gone = Array.from({ length: 100 }, (_, i) => hold(21 + i, impatient));
    const ends = Promise.allSettled(gone);
    await until(() => lanes.waiting() === 120);
    await impatient.destroy();
    assert.ok((await ends).every(({ status }) => status === 'rejected'));
    // The server learns of it a moment later.
    await sleep(500);
    await unlock();
    const answers = await Promise.all([first, ...patient]);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    await until(() => lanes.waiting() === 0);
    const { rows } = await app.db.query('SELECT id FROM booking WHERE event_id = $1 ORDER BY id', [eventId]);
    assert.deepEqual(
      rows.map(({ id }) => id),
      answers.map(({ body }) => body.id).sort(),
    );
    await assertAuditClean(app);
  });

  test('a feed row that stays locked: who waited hears 503 after one timeout, not one for each half', async () => {
    const { eventId } = await openSale(app, realHall());
    const hold = (i: number) => buyers[i]!.client.post(`/events/${eventId}/holds`, { seats: [i] });
    const lanes = app.nest.get(HoldsService);
    const unlock = await lockFeedRow(eventId);
    const began = Date.now();
    const first = hold(0);
    await until(async () => (await waitingForLock()) === 1);
    const rest = Array.from({ length: 60 }, (_, i) => hold(1 + i));
    await until(() => lanes.waiting() === 60);
    const answers = await Promise.all([first, ...rest]);
    // Two batches of 5 s; by halves the second would have taken ten minutes.
    assert.ok(Date.now() - began < 30_000);
    for (const { status, body, headers } of answers)
      assert.deepEqual([status, body.code, headers['retry-after']], [503, 'overloaded', '1']);
    await unlock();
    assert.equal((await hold(0)).status, 201);
    await assertAuditClean(app);
  });

  test('a booking code that is taken is replaced, for the whole batch', async () => {
    const { eventId } = await openSale(app, realHall());
    const hold = (i: number) => buyers[i]!.client.post(`/events/${eventId}/holds`, { seats: [i] });
    const { code } = (await hold(0)).body;
    const holds = app.nest.get(HoldsRepository);
    const claim = holds.claim.bind(holds);
    const sizes: number[] = [];
    let unlucky = 2;
    holds.claim = (event: string, since: number, claims: Claim[]) => {
      sizes.push(claims.length);
      return claim(event, since, unlucky-- > 0 ? claims.with(0, { ...claims[0]!, code }) : claims);
    };
    const unlock = await lockFeedRow(eventId);
    const first = hold(1);
    await until(async () => (await waitingForLock()) === 1);
    const rest = Array.from({ length: 10 }, (_, i) => hold(2 + i));
    await until(() => app.nest.get(HoldsService).waiting() === 10);
    await unlock();
    const answers = await Promise.all([first, ...rest]);
    holds.claim = claim;
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(answers.map(({ body }) => body.code)).size, 11);
    assert.deepEqual(sizes, [1, 1, 1, 10]);
    for (const { body } of answers) {
      const { rows } = await app.db.query('SELECT code FROM booking WHERE id = $1', [body.id]);
      assert.deepEqual(rows, [{ code: body.code }]);
    }
    await assertAuditClean(app);
  });

  test('a replica that is stopped in the middle of a batch: the other one sells on, and its late answers are true', async () => {
    const { eventId } = await openSale(app, bigHall());
    const [stopped, other] = await Promise.all([start(), start()]);
    const watcher = await watch(stopped.url, eventId);
    const unlock = await lockFeedRow(eventId);
    const here = crowd(stopped, eventId, { width: 50 });
    await until(async () => (await waitingForLock()) > 0);
    stopped.signal('SIGSTOP');
    await unlock();
    const there = crowd(other, eventId, { width: 50 });
    await there.gets(100);
    const waits: number[] = [];
    for (let stops = 0; stops < 3; stops++) {
      stopped.signal('SIGCONT');
      await here.gets(50);
      await sleep(any(50));
      stopped.signal('SIGSTOP');
      const began = Date.now();
      await there.gets(60);
      waits.push(Date.now() - began);
    }
    stopped.signal('SIGCONT');
    await here.gets(50);
    await Promise.all([here.stop(), there.stop()]);
    report({ msFor60: waits, here: here.heard, there: there.heard });
    for (const { heard } of [here, there])
      assert.deepEqual(
        Object.keys(heard).filter((what) => !['201', '204', '409'].includes(what)),
        [],
      );
    await assertKept(app.db, eventId, here, there);
    await assertExact(app.db, watcher);
    await assertAuditClean(app);
  });

  test('SIGTERM in the middle of a rush: it drains, exits with 0, and nothing is left in doubt', async () => {
    const { eventId } = await openSale(app, bigHall());
    const replica = await start();
    const watcher = await watch(replica.url, eventId);
    const goodbye: unknown[] = [];
    watcher.socket.on('server.closing', (reason) => goodbye.push(reason));
    const rushing = crowd(replica, eventId);
    await rushing.gets(300);
    await sleep(any(200));
    assert.equal(await replica.process.end('SIGTERM'), 0);
    await rushing.stop();
    report({ held: rushing.held.length, heard: rushing.heard });
    assert.deepEqual(
      Object.keys(rushing.heard).filter((what) => !/^(201|204|409|503 shutting_down|none .*)$/.test(what)),
      [],
    );
    for (const { headers } of rushing.unavailable) assert.equal(headers['retry-after'], '1');
    assert.deepEqual(goodbye, [{ code: 'shutting_down' }]);
    assert.equal(watcher.socket.connected, false);
    await assertKept(app.db, eventId, rushing);
    const { rows } = await app.db.query('SELECT count(*)::int FROM booking WHERE event_id = $1', [eventId]);
    assert.equal(rows[0].count, rushing.held.length, 'every request that was taken in was answered');
    await assertAuditClean(app);
  });
});
