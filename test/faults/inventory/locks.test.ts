import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Filling, Found } from '../../../src/platform/cache/shared-answers.service.js';
import { isHeld, type Lock } from '../../../src/platform/redis/locks.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { startChild } from '../../support/child.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card, charges } from '../../support/money.js';
import { describeWith } from '../../support/needing.js';
import { RedisServer } from '../../support/redis.js';
import { packed, redisParts } from '../../support/redis-parts.js';
import { recordStatements } from '../../support/statements.js';
import { until } from '../../support/until.js';

const TTL = 300;
/** Times out, but is charged: its checkout runs for as long as a payment may take. */
const LATE = '4000000000000416';

describeWith('redis-server')('locks in Redis', () => {
  let server: RedisServer;
  let here: Awaited<ReturnType<typeof redisParts>>;
  let there: Awaited<ReturnType<typeof redisParts>>;

  beforeAll(async () => {
    server = await RedisServer.start();
    here = await redisParts(server.url);
    there = await redisParts(server.url);
    // The first read of a replica begins an epoch.
    for (const parts of [here, there]) await (await fillingOf(parts, '/warm')).giveUp();
  });
  afterAll(async () => {
    for (const parts of [here, there]) {
      parts?.locks.onApplicationShutdown();
      await parts?.redis.onApplicationShutdown();
    }
    await server?.remove();
  });

  const ask = (parts: typeof here, name: string, note?: string) =>
    parts.locks.acquire('test', { name, ttlMs: TTL, note });
  /** Also after faults: until Redis is asked again. */
  async function taken(parts: typeof here, name: string): Promise<Lock> {
    let lock: Awaited<ReturnType<typeof ask>> = 'unanswered';
    await until(async () => {
      lock = await ask(parts, name);
      return isHeld(lock);
    });
    return lock as unknown as Lock;
  }
  async function fillingOf(parts: typeof here, key: string): Promise<Filling> {
    let found: Found = {};
    await until(async () => {
      found = await parts.answers.read(key, ['event']);
      return 'filling' in found;
    });
    return (found as { filling: Filling }).filling;
  }
  const child = () =>
    startChild<number>(new URL('../../support/locks-child.js', import.meta.url), { redisUrl: server.url });

  test('have one holder among many, and each holder a greater fence than the one before', async () => {
    const fences: number[] = [];
    // A round in which Redis was late on a busy machine says nothing.
    await until(async () => {
      const found = await Promise.all(
        Array.from({ length: 10 }, (_, i) => ask(i % 2 ? here : there, 'many', `note ${i}`)),
      );
      const held = found.filter(isHeld);
      assert.ok(held.length <= 1);
      if (!found.includes('unanswered')) {
        assert.deepEqual([held.length, found.filter((one) => one === 'taken').length], [1, 9]);
        fences.push(held[0]!.fence);
        assert.match((await there.locks.noteOfHolder('test', 'many')) ?? 'note 0', /^note \d$/);
      }
      await held[0]?.release();
      return fences.length === 20;
    });
    assert.deepEqual(
      fences,
      [...new Set(fences)].sort((a, b) => a - b),
    );
    assert.equal(await here.locks.noteOfHolder('test', 'many'), undefined);
  });

  test('are renewed while their holder works, and end when it releases them', async () => {
    const lock = await taken(here, 'long');
    await sleep(3 * TTL);
    assert.equal(await ask(there, 'long'), 'taken');
    await lock.release();
    assert.ok(isHeld(await ask(there, 'long')));
  });

  test('a holder that is killed loses its lock when its time is over', async () => {
    const holder = await child();
    try {
      assert.equal(typeof (await holder.ask('acquire', 'killed')), 'number');
      assert.equal(await ask(here, 'killed'), 'taken');
    } finally {
      process.kill(holder.pid, 'SIGKILL');
    }
    await taken(here, 'killed');
  });

  test('a holder that was paused beyond its time: its cached answer is refused, and it releases nobody else’s lock', async () => {
    const paused = await child();
    const key = '/paused';
    try {
      await until(() => paused.ask<boolean>('read', key));
      process.kill(paused.pid, 'SIGSTOP');
      // The next filler is here as soon as the lock has ended, and is still at work when the other wakes.
      const filling = await fillingOf(here, key);
      process.kill(paused.pid, 'SIGCONT');
      await paused.ask('keep', 'older');
      await until(() => there.redis.usable);
      assert.deepEqual(await there.answers.read(key, ['event']), {}, 'no older answer, and the lock is held');
      await filling.keep(packed('newer'), 60_000);
      const last = await there.answers.read(key, ['event']);
      assert.equal('packed' in last && `${last.packed.body}`, 'newer');
    } finally {
      process.kill(paused.pid, 'SIGCONT');
      await paused.stop();
    }
  });

  test('Redis frozen: nobody waits long or has a lock, and it serves again', async () => {
    server.signal('SIGSTOP');
    for (let i = 0; i < 20; i++) assert.equal(await ask(here, 'frozen'), 'unanswered');
    assert.equal(await here.locks.noteOfHolder('test', 'frozen'), undefined);
    server.signal('SIGCONT');
    await (await taken(here, 'frozen')).release();
  });

  for (const [fault, cause] of [
    ['killed', () => server.stop().then(() => server.resume())],
    ['flushed', () => server.command((redis) => redis.flushall())],
  ] as const)
    test(`Redis ${fault}: the next holder has the greater fence, and the last one cannot end its lock`, async () => {
      const before = await taken(here, fault);
      await cause();
      const next = await taken(there, fault);
      assert.ok(next.fence > before.fence, `${next.fence} after ${before.fence}`);
      await before.release();
      // Until the connection of the first is back, too.
      await until(async () => (await ask(here, fault)) === 'taken');
      await next.release();
    });
});

describeWith('redis-server')('two checkouts of one booking on two replicas', () => {
  let server: RedisServer;
  let one: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    server = await RedisServer.start();
    const settings = {
      redis: { url: server.url, timeoutMs: 10 },
      payments: { timeoutMs: 2_500 },
      inventory: { sweeper: false },
    };
    one = await startApp(settings);
    other = await startApp({ ...settings, database: one.config.database });
  });
  afterAll(async () => {
    if (one) await assertAuditClean(one);
    await other?.close();
    await one?.close();
    await server?.remove();
  });

  test('the second hears from the lock what the database says, without a statement', async () => {
    const sale = await openSale(one, plainHall(1, 8));
    const [buyer, stranger] = await one.people(2);
    const held = await buyer!.client.post(`/events/${sale.eventId}/holds`, { seats: [0, 1] });
    const path = `/bookings/${held.body.id}/checkout`;
    const pay = (app: TestApp, headers = {}, token = buyer!.token) =>
      app.client(token).post(path, card(), headers);
    await buyer!.client.get('/auth/me');
    await other.client(buyer!.token).get('/auth/me');

    const first = one.client(buyer!.token).post(path, card(LATE), { 'idempotency-key': 'first' });
    const locked = () => server.command((redis) => redis.exists(`evently:lock:checkout:${held.body.id}`));
    await until(async () => (await locked()) === 1);
    const recorded = recordStatements();
    const correlation = { 'x-correlation-id': 'second-checkout' };
    const second = await pay(other, { ...correlation, 'idempotency-key': 'second' });
    const keyless = await pay(other, correlation);
    const asked = recorded.asked.filter(({ by }) => by === 'second-checkout');
    recorded.stop();
    assert.deepEqual(asked, []);
    assert.equal(await locked(), 1, 'the first was at work all the time');

    const strange = await pay(other, {}, stranger!.token);
    assert.deepEqual([strange.status, strange.body.code], [404, 'not_found']);
    const same = await one.client(buyer!.token).post(path, card(LATE), { 'idempotency-key': 'first' });
    assert.deepEqual([same.status, same.body.status], [202, 'paying'], 'a repetition is no second checkout');
    await server.command((redis) => redis.del(`evently:lock:checkout:${held.body.id}`));
    const byDatabase = await pay(other, { 'idempotency-key': 'third' });
    for (const { status, body, headers } of [second, keyless])
      assert.deepEqual(
        [status, body.code, body.detail, headers['retry-after']],
        [409, byDatabase.body.code, byDatabase.body.detail, byDatabase.headers['retry-after']],
      );
    assert.equal(byDatabase.body.code, 'payment_under_way');

    assert.deepEqual([(await first).status, (await first).body.status], [202, 'paying']);
    await until(
      async () => (await buyer!.client.get(`/bookings/${held.body.id}`)).body.status === 'confirmed',
    );
    assert.equal((await charges(one, held.body.id)).length, 1);
  });

  test('declined: the next try is not refused, however soon it comes and wherever', async () => {
    const sale = await openSale(one, plainHall(1, 60));
    const [buyer] = await one.people(1);
    for (let n = 0; n < 8; n++) {
      const held = await buyer!.client.post(`/events/${sale.eventId}/holds`, { seats: [n] });
      const path = `/bookings/${held.body.id}/checkout`;
      const declined = await one.client(buyer!.token).post(path, card('4000000000000002'));
      assert.equal(declined.status, 402);
      assert.equal((await other.client(buyer!.token).post(path, card())).status, 200);
    }
  });

  test('Redis away in the middle: one of them pays, once', async () => {
    const sale = await openSale(one, plainHall(1, 8));
    const [buyer] = await one.people(1);
    const held = await buyer!.client.post(`/events/${sale.eventId}/holds`, { seats: [0] });
    const path = `/bookings/${held.body.id}/checkout`;
    const first = one.client(buyer!.token).post(path, card(LATE));
    await until(
      async () =>
        (await one.db.query('SELECT status FROM booking WHERE id = $1', [held.body.id])).rows[0].status ===
        'paying',
    );
    await server.stop();
    const second = await other.client(buyer!.token).post(path, card());
    assert.deepEqual([second.status, second.body.code], [409, 'payment_under_way']);
    assert.equal((await first).status, 202);
    await until(
      async () => (await buyer!.client.get(`/bookings/${held.body.id}`)).body.status === 'confirmed',
    );
    assert.equal((await charges(one, held.body.id)).length, 1);
    await server.resume();
  });
});
