import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { RedisService } from '../../../src/platform/redis/redis.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { describeWith } from '../../support/needing.js';
import { RedisServer } from '../../support/redis.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

const CUTS = 20;
/** Milliseconds. */
const TRIP = 20;

describeWith('redis-server')('the optional Redis', () => {
  let server: RedisServer;
  let app: TestApp;
  let redis: RedisService;
  const ping = () => redis.ask('ping', (connection) => connection.ping());
  const breakerOpen = async () =>
    String((await app.client().get('//metrics')).body).includes(
      'evently_remote_breaker_open{remote="redis"} 1',
    );

  beforeAll(async () => {
    server = await RedisServer.start();
    app = await startApp({ redis: { url: server.url, timeoutMs: 10 } });
    redis = app.nest.get(RedisService);
    await until(() => redis.state === 'connected');
  });
  afterAll(async () => {
    await app?.close();
    await server?.remove();
  });

  test('answers, and passes messages on to every listener', async () => {
    assert.equal(await ping(), 'PONG');
    const heard: string[] = [];
    redis.listen('test', (message) => heard.push(`one ${message}`));
    redis.listen('test', (message) => heard.push(`two ${message}`));
    await until(async () => {
      await redis.tell('test', 'hello');
      return heard.length > 0;
    });
    assert.deepEqual(heard.slice(0, 2), ['one hello', 'two hello']);
  });

  test('survives connections that break while they subscribe again', async () => {
    const network = await TcpProxy.before(server.url);
    const cutOften = await startApp({ redis: { url: network.through(server.url), timeoutMs: 10 } });
    const heard: string[] = [];
    try {
      const other = cutOften.nest.get(RedisService);
      other.listen('often', (message) => heard.push(message));
      await until(() => other.state === 'connected');
      network.delay(TRIP, 'down');
      for (let times = 0; times < CUTS; times++) {
        const { accepted } = network.counts;
        network.cut('accept');
        await until(() => network.counts.accepted >= accepted + 2);
        // In the second trip of a new connection, or near it: the first one tells that it is ready.
        await sleep(TRIP + (times % TRIP));
      }
      network.pass();
      await until(async () => {
        await redis.tell('often', 'still there');
        return heard.length > 0;
      });
    } finally {
      await cutOften.close();
      await network.close();
    }
  });

  test('killed: nobody waits for it; back again: it is asked again by itself, listeners included', async () => {
    let recoveries = 0;
    redis.onRecovery(() => recoveries++);
    await server.stop();
    for (let i = 0; i < 5; i++) assert.equal(await ping(), undefined);
    assert.equal(redis.state, 'unavailable');
    assert.ok(await breakerOpen());
    await server.resume();
    await until(() => redis.state === 'connected');
    assert.equal(await ping(), 'PONG');
    assert.equal(recoveries, 1);
    const heard: string[] = [];
    redis.listen('back', (message) => heard.push(message));
    await until(async () => {
      await redis.tell('back', 'again');
      return heard.length > 0;
    });
    assert.ok(!(await breakerOpen()));
  });

  test('frozen: three calls wait, those after them do not', async () => {
    server.signal('SIGSTOP');
    const asked: string[] = [];
    for (let i = 0; i < 10; i++)
      await redis.ask('freeze', (connection) => {
        asked.push('asked');
        return connection.ping();
      });
    assert.equal(asked.length, 3);
    await sleep(1_200);
    assert.equal(redis.state, 'unavailable');
    server.signal('SIGCONT');
    await until(() => redis.state === 'connected');
    assert.equal(await ping(), 'PONG');
  });
});

describe('without Redis', () => {
  test('every question is unanswered', async () => {
    const app = await startApp();
    const redis = app.nest.get(RedisService);
    assert.equal(redis.state, 'off');
    assert.equal(await redis.ask('ping', (connection) => connection.ping()), undefined);
    await redis.tell('test', 'nobody');
    await app.close();
  });
});
