import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, test } from '@jest/globals';
import { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import { SEAT as STATE } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';
import { type Rush, rush } from '../../support/load.js';
import { scrape } from '../../support/metrics.js';
import { describeWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { RedisServer } from '../../support/redis.js';
import { recordStatements } from '../../support/statements.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const BUYERS = 1_000;
const SEAT = 600;
const CHAOS_MS = 8_000;
const SEATS = 12;

describeWith('redis-server')('the seat fence of two replicas', () => {
  let server: RedisServer;
  let networks: [TcpProxy, TcpProxy];
  let replicas: [TestApp, TestApp];
  let alone: TestApp;
  let buyers: Person[];

  beforeAll(async () => {
    server = await RedisServer.start();
    networks = [await TcpProxy.before(server.url), await TcpProxy.before(server.url)];
    const first = await startApp({
      inventory: { sweeper: false },
      redis: { url: networks[0].through(server.url), timeoutMs: 10 },
    });
    const { database } = first.config;
    replicas = [
      first,
      await startApp({
        database,
        inventory: { sweeper: false },
        redis: { url: networks[1].through(server.url), timeoutMs: 10 },
      }),
    ];
    alone = await startApp({ database, inventory: { sweeper: false } });
    buyers = await first.people(BUYERS);
  });
  afterAll(async () => {
    await alone?.close();
    for (const app of replicas?.toReversed() ?? []) await app.close();
    for (const network of networks ?? []) await network.close();
    await server?.remove();
  });

  const ask = (app: TestApp, buyer: number, eventId: string, seats: number[], headers = {}) =>
    app.client(buyers[buyer % BUYERS]!.token).post(`/events/${eventId}/holds`, { seats }, headers);
  const losers = (eventId: string, apps: readonly TestApp[], count: number): Promise<Rush> =>
    rush(count, count, (i) => ask(apps[i % apps.length]!, i, eventId, [SEAT]));
  const verdicts = async (): Promise<Record<string, number>> => {
    const sums: Record<string, number> = {};
    for (const app of replicas)
      for (const { name, labels, value } of await scrape(app))
        if (name === 'evently_fence_confirmations_total')
          sums[labels.verdict!] = (sums[labels.verdict!] ?? 0) + value;
    return sums;
  };
  /** Until memory and fence of both replicas agree on a seat that is taken. */
  const settled = async (eventId: string, seat: number): Promise<void> => {
    for (const app of replicas)
      await until(async () => {
        const before = (await verdicts()).agreed ?? 0;
        assert.equal((await ask(app, 1, eventId, [seat])).status, 409);
        return ((await verdicts()).agreed ?? 0) > before;
      });
  };
  const told = ({ answers }: Rush) =>
    answers.map(({ status, body: { code, detail, conflicts } }) => [status, code, detail, conflicts]);

  test('a thousand losers without a database statement, and the same answers as without Redis', async () => {
    const { eventId } = await openSale(replicas[0], realHall());
    assert.equal((await ask(replicas[0], 0, eventId, [SEAT])).status, 201);
    await settled(eventId, SEAT);
    let confirmed = 0;
    for (const app of replicas) {
      const memory = app.nest.get(InventoryMemoryService);
      const { fresh } = memory;
      memory.fresh = (id) => {
        confirmed++;
        return fresh.call(memory, id);
      };
    }
    const attempt = async (count: number): Promise<{ result: Rush; unsure: number }> => {
      const before = await verdicts();
      confirmed = 0;
      const { asked, stop } = recordStatements();
      const result = await losers(eventId, replicas, count);
      stop();
      const { agreed = 0, ...others } = await verdicts();
      assert.deepEqual(result.statuses, { 409: count });
      assert.ok(agreed > before.agreed!);
      let unsure = 0;
      for (const [verdict, times] of Object.entries(others)) unsure += times - (before[verdict] ?? 0);
      assert.equal(confirmed, unsure);
      const losing = new Set(result.answers.map(({ headers }) => headers['x-correlation-id']));
      if (unsure === 0)
        assert.deepEqual(
          asked.filter(({ by }) => by !== null && losing.has(by)),
          [],
        );
      note(`${count} losers, ${unsure} confirmed by the database: ${JSON.stringify(result.ms)}`);
      return { result, unsure };
    };
    const { result } = await attempt(BUYERS);
    assert.deepEqual(told(result), told(await losers(eventId, [alone], BUYERS)));
    // On a machine that is too busy Redis is late, or the last poll too old, and then the database is asked.
    await until(async () => (await attempt(200)).unsure === 0, 60_000);
    const keyed = await ask(replicas[1], 0, eventId, [SEAT], { 'idempotency-key': 'not-used-before' });
    assert.deepEqual([keyed.status, keyed.body.conflicts], [409, [SEAT]]);
  });

  test('takes over what the other replica tells of before a poll brings it, and leaves nonsense alone', async () => {
    const { eventId } = await openSale(replicas[0], plainHall(2, 10));
    assert.equal((await ask(replicas[1], 1, eventId, [0])).status, 201);
    const news = async (what: string) =>
      (await scrape(replicas[1])).find(
        ({ name, labels }) => name === 'evently_feed_news_total' && labels.what === what,
      )?.value ?? 0;
    const applied = await news('applied');
    await server.command(async (redis) => {
      await redis.publish('evently:feed.v1', 'nonsense');
      await redis.publish('evently:feed.v1', JSON.stringify(['x', eventId, 'another epoch', [], false]));
    });
    for (let n = 1; n <= 5; n++) assert.equal((await ask(replicas[0], n, eventId, [n])).status, 201);
    await until(async () => (await news('applied')) > applied);
    await until(async () => (await news('unreadable')) === 1);
    const memory = replicas[1].nest.get(InventoryMemoryService);
    await until(() => [0, 1, 2, 3, 4, 5].every((n) => memory.peek(eventId)?.state(n) === STATE.HELD));
    await assertAuditClean(replicas[1]);
  });

  test('what Redis lost is no mark: the database confirms once, then the fence speaks again', async () => {
    const { eventId } = await openSale(replicas[0], plainHall(2, 10));
    assert.equal((await ask(replicas[0], 0, eventId, [3])).status, 201);
    await settled(eventId, 3);
    const before = await verdicts();
    await server.command((redis) => redis.flushall());
    assert.equal((await ask(replicas[1], 1, eventId, [3])).status, 409);
    const { new_generation: anew = 0 } = await verdicts();
    assert.equal(anew, (before.new_generation ?? 0) + 1);
    await settled(eventId, 3);
    await server.stop();
    for (const app of replicas) assert.equal((await ask(app, 2, eventId, [3])).status, 409);
    await server.resume();
    await settled(eventId, 3);
  });

  test('a release that Redis could not be told of is not acknowledged while another replica would refuse its seat', async () => {
    const { eventId } = await openSale(replicas[0], plainHall(2, 10));
    for (let round = 0; round < 5; round++) {
      const held = await ask(replicas[0], round, eventId, [5]);
      assert.equal(held.status, 201);
      await settled(eventId, 5);
      networks[0].cut('refuse');
      const released = await replicas[0].client(buyers[round]!.token).delete(`/bookings/${held.body.id}`);
      assert.equal(released.status, 204);
      const next = await ask(replicas[1], round, eventId, [5]);
      assert.equal(next.status, 201, JSON.stringify(next.body));
      networks[0].pass();
      await replicas[1].client(buyers[round]!.token).delete(`/bookings/${next.body.id}`);
    }
  });

  test('never refuses a seat whose release was acknowledged, whatever happens to Redis and the ways to it', async () => {
    const { eventId } = await openSale(replicas[0], plainHall(4, 10));
    const before = await verdicts();
    const end = performance.now() + CHAOS_MS;
    const faults: Record<string, number> = {};
    let rounds = 0;
    const turn = async (n: number): Promise<void> => {
      for (let round = n; performance.now() < end; round++, rounds++) {
        const [here, there] = round % 2 ? replicas : (replicas.toReversed() as [TestApp, TestApp]);
        const held = await ask(here, n, eventId, [n]);
        assert.equal(held.status, 201, `round ${round} of seat ${n}: ${JSON.stringify(held.body)}`);
        for (const app of [there, here, there]) {
          const lost = await ask(app, n + 1, eventId, [n]);
          assert.deepEqual([lost.status, lost.body.conflicts], [409, [n]]);
        }
        const released = await here.client(buyers[n]!.token).delete(`/bookings/${held.body.id}`);
        assert.equal(released.status, 204);
      }
    };
    const chaos = async (): Promise<void> => {
      const [one, other] = networks;
      const kinds: Record<string, () => unknown> = {
        killed: async () => {
          await server.stop();
          await sleep(Math.random() * 400);
          await server.resume();
        },
        flushed: () => server.command((redis) => redis.flushall()),
        frozen: async () => {
          server.signal('SIGSTOP');
          await sleep(Math.random() * 400);
          server.signal('SIGCONT');
        },
        'one cut off': () => one.cut('refuse'),
        'other cut off': () => other.cut('refuse'),
        'one frozen': () => one.freeze(),
        'other frozen': () => other.freeze('down'),
        slow: () => [one, other].forEach((network) => void network.delay(Math.random() * 12)),
        well: () => {},
      };
      while (performance.now() < end - 1_000) {
        const names = Object.keys(kinds);
        const name = names[Math.floor(Math.random() * names.length)]!;
        faults[name] = (faults[name] ?? 0) + 1;
        await kinds[name]!();
        await sleep(Math.random() * 500);
        for (const network of networks) network.pass();
        await sleep(Math.random() * 400);
      }
    };
    await Promise.all([chaos(), ...Array.from({ length: SEATS }, (_, n) => turn(n))]);
    note(JSON.stringify({ rounds, faults, before, after: await verdicts() }));
    assert.ok(rounds >= SEATS);
    assert.ok((await verdicts()).agreed! > before.agreed!);
    await assertAuditClean(replicas[0]);
    // And it has recovered by itself.
    assert.equal((await ask(replicas[0], 0, eventId, [30])).status, 201);
    await settled(eventId, 30);
  });
});
