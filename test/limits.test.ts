import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { RevocationsService } from '../src/auth/revocations.service.js';
import type { TokenService } from '../src/auth/token.service.js';
import { newId } from '../src/common/ids.js';
import { clientAddress, proxiesOf, trust } from '../src/common/proxies.rules.js';
import { DEFAULT_QUOTAS, factorsOf, quotasOf } from '../src/common/quotas.js';
import { ConfigError, loadConfig } from '../src/config/config.js';
import { LimitsService } from '../src/limits/limits.service.js';
import type { Meters } from '../src/observability/meters.service.js';
import { RedisService } from '../src/redis/redis.service.js';
import { startApp, type TestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { RedisServer } from './support/redis.js';
import { without } from './support/tools.js';
import { until } from './support/until.js';

const QUOTA = 100;
const SHARE = 10;
const limits = {
  ...DEFAULT_QUOTAS,
  default: { person: QUOTA, address: 1_000 },
  holds: { person: 20, address: 20 },
};
const password = 'a long sentence';

const passed = (answers: readonly Answer[]) => answers.filter(({ status }) => status !== 429).length;

for (const withRedis of [false, true])
  describe(`limits of two replicas ${withRedis ? 'with' : 'without'} Redis`, {
    skip: withRedis && without('redis-server'),
  }, () => {
    let server: RedisServer | undefined;
    let a: TestApp;
    let b: TestApp;

    before(async () => {
      if (withRedis) server = await RedisServer.start();
      const settings = { redisUrl: server?.url, rateLimits: true, limits };
      a = await startApp(settings);
      b = await startApp({ ...settings, databaseUrl: a.config.databaseUrl });
      if (withRedis)
        for (const app of [a, b]) await until(() => app.nest.get(RedisService).state === 'connected');
    });
    after(async () => {
      await b?.close();
      await a?.close();
      await server?.remove();
    });

    /** Requests of one person, on both replicas at once. */
    const rush = (token: string, count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => (i % 2 ? a : b).client(token).get('/bookings')));

    it('of many requests at once the limit passes: once for all with Redis, once on each without', async () => {
      const [person] = await a.people(1);
      const answers = await rush(person!.token, 4 * QUOTA);
      const most = withRedis ? QUOTA + SHARE : 2 * QUOTA;
      assert.ok(
        passed(answers) >= (withRedis ? QUOTA : most) && passed(answers) <= most,
        `${passed(answers)}`,
      );
      assert.equal(passed(await rush(person!.token, 50)), 0, 'and nothing after that');
      const [other] = await a.people(1);
      assert.equal((await a.client(other!.token).get('/bookings')).status, 200, 'another person');
    });

    it('says what is left, and why it refuses', async () => {
      const [person] = await a.people(1);
      const hold = () => person!.client.post(`/events/${newId()}/holds`, { seats: [1] });
      const first = await hold();
      assert.equal(first.status, 404);
      assert.equal(first.headers['ratelimit-policy'], `"default";q=${QUOTA};w=60, "holds";q=20;w=60`);
      assert.match(first.headers.ratelimit!, /^"default";r=99;t=\d+, "holds";r=19;t=\d+$/);
      const answers = await Promise.all(Array.from({ length: 30 }, hold));
      assert.equal(passed(answers), 19);
      const refused = answers.find(({ status }) => status === 429)!;
      assert.equal(refused.body.code, 'rate_limited');
      assert.match(refused.body.detail, /"holds"/);
      assert.ok(Number(refused.headers['retry-after']) >= 1 && Number(refused.headers['retry-after']) <= 60);
      assert.equal((await person!.client.get('/bookings')).status, 200, 'another kind');
      assert.equal((await a.client().get('/health/live')).headers.ratelimit, undefined);
    });

    it('nobody gets another limit by a header of their own', async () => {
      const left = async (forwarded: string) => {
        const { headers } = await a.client().get('/events', { 'X-Forwarded-For': forwarded });
        return Number(/"search";r=(\d+)/.exec(headers.ratelimit!)![1]);
      };
      const first = await left('198.51.100.1');
      assert.equal(await left('198.51.100.2'), first - 1);
      assert.equal(await left('203.0.113.5, 198.51.100.3'), first - 2);
    });

    it('nor by another spelling of the path', async () => {
      const left = async (path: string) => {
        const { headers } = await a.client().get(path, { 'X-Forwarded-For': `2001:db8::${Math.random()}` });
        return Number(/"default";r=(\d+)/.exec(headers.ratelimit!)![1]);
      };
      const before = await left('/events');
      const spellings = [
        '/events?x=1',
        '/Events',
        '/events/',
        '/./events',
        '/events%2f',
        '/events%00',
        '//api//v1/events',
      ];
      for (const [i, path] of spellings.entries()) assert.equal(await left(path), before - i - 1, path);
    });

    it('wrong passwords count on all replicas together', { skip: !withRedis }, async () => {
      const email = `${newId()}@example.org`;
      await a.client().post('/auth/register', { email, password, name: 'Me' });
      const guesses = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          (i % 2 ? a : b).client().post('/auth/login', { email, password: `guess ${i} is wrong` }),
        ),
      );
      assert.deepEqual([passed(guesses), guesses.length - passed(guesses)], [5, 11]);
    });

    it('a frozen Redis: every replica counts alone, and logins go on', { skip: !withRedis }, async () => {
      const [person] = await a.people(1);
      server!.signal('SIGSTOP');
      const email = `${newId()}@example.org`;
      assert.equal((await a.client().post('/auth/register', { email, password, name: 'Me' })).status, 201);
      assert.equal((await b.client().post('/auth/login', { email, password })).status, 200);
      assert.equal(passed(await rush(person!.token, 4 * QUOTA)), 2 * QUOTA);
      server!.signal('SIGCONT');
      for (const app of [a, b]) await until(() => app.nest.get(RedisService).state === 'connected');
      await until(async () => {
        const [next] = await a.people(1);
        return passed(await rush(next!.token, 4 * QUOTA)) <= QUOTA + SHARE;
      });
    });

    it('a session that ends on one replica is refused on the other', async () => {
      const told = b.nest.get(RevocationsService) as unknown as { read(): Promise<void> };
      // With Redis it is told; what reads PostgreSQL every second must not help.
      if (withRedis) told.read = async () => {};
      const endings: Record<string, (token: string, id: string) => Promise<Answer>> = {
        logout: (token) => a.client(token).post('/auth/logout'),
        'logout everywhere': (token) => a.client(token).post('/auth/logout-all'),
        'another role': async (_, id) =>
          (await a.people(1, 'admin'))[0]!.client.patch(`/admin/users/${id}`, { role: 'organizer' }),
        erasure: (token) => a.client(token).delete('/auth/me', { password }),
      };
      for (const [name, end] of Object.entries(endings)) {
        const email = `${newId()}@example.org`;
        const made = (await a.client().post('/auth/register', { email, password, name: 'Me' })).body;
        const onB = () => b.client(made.accessToken).get('/auth/me');
        assert.equal((await onB()).status, 200);
        const ended = await end(made.accessToken, made.user.id);
        assert.ok(ended.status < 300, `${name}: ${JSON.stringify(ended.body)}`);
        const began = performance.now();
        await until(async () => (await onB()).status === 401, 5_000);
        console.log(
          `    ${name}: refused on the other replica after ${Math.round(performance.now() - began)} ms`,
        );
      }
    });
  });

describe('what limits cost', () => {
  it('one count for each network, and an end to how many are kept', async () => {
    const meters = { counter: () => ({ child: () => () => {} }) } as unknown as Meters;
    const redis = { usable: false } as RedisService;
    const service = new LimitsService(loadConfig(process.env), {} as TokenService, redis, meters);
    const { counts } = service as unknown as { counts: Map<string, unknown> };
    const from = (ip: string) => service.take({ ip, headers: {} } as FastifyRequest, 'default');
    for (let i = 0; i < 1_000; i++) await from(`2001:db8:0:1:${i.toString(16)}::1`);
    assert.equal(counts.size, 1, 'a thousand addresses of one /64');
    for (let i = 0; i < 150_000; i++)
      await from(`2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::1`);
    assert.equal(counts.size, 100_000);
  });
});

describe('settings of limits', () => {
  it('whom to believe about addresses', () => {
    const client = (setting: string, remote: string, forwarded?: string) =>
      clientAddress(remote, forwarded, trust(proxiesOf(setting)!));
    assert.equal(client('off', '10.0.0.1', '192.0.2.1'), '10.0.0.1');
    assert.equal(client('on', '10.0.0.1', '6.6.6.6, 192.0.2.1'), '192.0.2.1', 'made up by the client');
    assert.equal(client('2', '10.0.0.1', '6.6.6.6, 192.0.2.1, 10.0.0.2'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8', '10.0.0.1', '6.6.6.6, 192.0.2.1, 10.0.0.2'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8,::1', '::1', '192.0.2.1'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8', '::ffff:10.0.0.1', '192.0.2.1'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8', '192.0.2.9', '192.0.2.1'), '192.0.2.9', 'not our proxy');
    for (const wrong of ['yes', '10.0.0.0/99', '1.2.3', '']) assert.equal(proxiesOf(wrong), undefined, wrong);
  });

  it('quotas and factors', () => {
    assert.deepEqual(quotasOf('holds=7,address.default=9')!.holds, { ...DEFAULT_QUOTAS.holds, person: 7 });
    assert.deepEqual(quotasOf('address.default=9')!.default, { ...DEFAULT_QUOTAS.default, address: 9 });
    for (const wrong of ['holds', 'holds=0', 'hold=3', 'holds=1.5'])
      assert.equal(quotasOf(wrong), undefined, wrong);
    assert.equal(factorsOf('192.0.2.7=20')!.get('192.0.2.7'), 20);
    assert.equal(factorsOf('2001:db8::1=3')!.get('2001:db8:0:0::/64'), 3, 'its network');
    for (const wrong of ['192.0.2.7', 'x=2', '192.0.2.7=0']) assert.equal(factorsOf(wrong), undefined, wrong);
  });

  it('what is wrong is said before the start', () => {
    const env = { TRUST_PROXY: 'perhaps', EVENTLY_LIMITS: 'holds=many', EVENTLY_LIMIT_FACTORS: 'x' };
    assert.throws(
      () => loadConfig({ ...process.env, ...env }),
      (error: Error) => {
        assert.ok(error instanceof ConfigError);
        for (const name of Object.keys(env)) assert.match(error.message, new RegExp(name));
        return true;
      },
    );
  });
});
