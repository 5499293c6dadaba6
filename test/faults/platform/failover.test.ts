import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { Crowd } from '../../support/crowd.js';
import { assertExact } from '../../support/exact.js';
import { openSale, plainHall } from '../../support/halls.js';
import { assertKept } from '../../support/kept.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { PostgresPair } from '../../support/postgres-pair.js';
import { SeatWatcher } from '../../support/seat-watcher.js';

describe('a primary and its synchronous standby', () => {
  let pair: PostgresPair;
  let app: TestApp;
  let buyers: Person[];

  beforeAll(async () => {
    pair = await PostgresPair.start();
    app = await startApp({ database: { url: pair.url } });
    buyers = await app.people(100);
  });
  afterAll(async () => {
    await app?.close();
    await pair?.stop();
  });

  const openHall = async () => (await openSale(app, plainHall(100, 100))).eventId;
  const crowd = (eventId: string) =>
    new Crowd({
      eventId,
      clients: buyers.map(({ client }) => client),
      width: 60,
      wish: () => ({ seats: [Math.floor(Math.random() * 10_000)] }),
      releases: 0.15,
    });

  test('kill -9 of the primary in a rush, twice: no acknowledged hold is lost, and clients get over it by themselves', async () => {
    const eventId = await openHall();
    const watcher = await new SeatWatcher(app.url, eventId).ready();
    try {
      const epochs = [watcher.epoch];
      const rushing = crowd(eventId);
      const outages: number[] = [];
      for (let round = 0; round < 2; round++) {
        await rushing.gets(150);
        const killed = performance.now();
        await pair.failOver();
        await rushing.gets(1);
        outages.push(Math.round(performance.now() - killed));
        await rushing.gets(100);
        epochs.push(watcher.epoch);
        if (round === 0) await pair.rejoin();
      }
      await rushing.stop();
      note(JSON.stringify({ held: rushing.held.length, heard: rushing.heard, outages, seen: watcher.seen }));
      assert.deepEqual(
        Object.keys(rushing.heard).filter(
          (what) => !/^(201|204|409|503 (outcome_unknown|database_unavailable))$/.test(what),
        ),
        [],
      );
      assert.ok(rushing.unavailable.length > 0);
      for (const { headers } of rushing.unavailable) assert.ok(Number(headers['retry-after']) > 0);
      await assertKept(app.db, eventId, rushing);
      await assertExact(app.db, watcher);
      assert.equal(new Set(epochs).size, 3, 'each promotion begins a new epoch');
      await assertAuditClean(app);
    } finally {
      watcher.close();
    }
  });

  test('the old primary comes back by itself: nobody writes to it', async () => {
    const eventId = await openHall();
    await pair.standby.start();
    const [state] = await pair.standby.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
    assert.equal(state?.standby, false, 'it takes itself for the primary');
    await pair.primary.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'evently%'`,
    );
    const rushing = crowd(eventId);
    await rushing.gets(50);
    await rushing.stop();
    await assertKept(app.db, eventId, rushing);
    const [there] = await pair.standby.query(
      `SELECT count(*)::int FROM booking WHERE id = ANY ('{${rushing.held.map(({ id }) => id)}}')`,
      'evently',
    );
    assert.deepEqual(there, { count: 0 });
    await pair.rejoin();
  });

  test('a standby that stands still: nothing is acknowledged that only the primary has', async () => {
    const eventId = await openHall();
    pair.standby.signal('SIGSTOP');
    const [first, second] = buyers as [Person, Person];
    const held = await first.client.get(`/bookings`);
    let acknowledged = false;
    const hold = second.client.post(`/events/${eventId}/holds`, { best: { quantity: 1 } }).finally(() => {
      acknowledged = true;
    });
    await sleep(1_500);
    assert.deepEqual([held.status, acknowledged], [200, false], 'reads go on, commits wait');
    pair.standby.signal('SIGCONT');
    assert.equal((await hold).status, 201);
    await assertAuditClean(app);
  });
});
