import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { Controller, Get, Headers, Module, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { CurrentUser, Public } from '../../../src/platform/access/access.decorators.js';
import type { Principal } from '../../../src/platform/access/principal.js';
import { Answer } from '../../../src/platform/cache/answer.js';
import { Cached } from '../../../src/platform/cache/cache.decorators.js';
import { keyOf } from '../../../src/platform/cache/cache.rules.js';
import { CachedAnswers } from '../../../src/platform/cache/cached-answers.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import { FactsService } from '../../../src/platform/facts/facts.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { percentiles } from '../../support/load.js';
import { scrape } from '../../support/metrics.js';
import { note } from '../../support/note.js';
import { RedisServer } from '../../support/redis.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { without } from '../../support/tools.js';
import { until } from '../../support/until.js';

const READS = 200;

/** Source that all replicas of a test read: slow on demand, and its reads are counted. */
const source = {
  value: 1,
  reads: 0,
  failing: false,
  gate: undefined as Promise<void> | undefined,
  async read() {
    source.reads++;
    if (source.failing) throw new DomainError('not_found');
    const { value } = source;
    await source.gate;
    return { value };
  },
};

function closeGate(): () => void {
  let open!: () => void;
  source.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => {
    source.gate = undefined;
    open();
  };
}

const orders = z.strictObject({ a: z.string().optional(), b: z.string().optional() });

@Public()
@Controller('probe')
class ProbeController {
  @Get('once/:id')
  @Cached({ ttl: 60, tags: ['event:{id}'] })
  once(@Param('id') _id: string, @Query({ schema: orders }) _query: unknown) {
    return source.read();
  }

  @Get('brief/:id')
  @Cached({ ttl: 0.2, stale: 60, tags: ['event:{id}'] })
  brief(@Param('id') _id: string) {
    return source.read();
  }

  @Get('who/:id')
  @Cached({ ttl: 60, tags: [] })
  who(@CurrentUser() user: Principal | undefined, @Param('id') id: string) {
    if (id === 'members' && !user) throw new DomainError('unauthenticated');
    return { who: user?.id ?? null };
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

const valueAt = async (app: TestApp, path: string): Promise<number> =>
  (await app.client().get(path)).body.value;

/** How requests were answered, as the metrics say. */
async function outcomes(app: TestApp, route: string): Promise<Record<string, number>> {
  const text = String((await app.client().get('//metrics')).body);
  const lines = text.matchAll(/evently_cache_requests_total\{route="([^"]+)",outcome="(\w+)"\} (\d+)/g);
  return Object.fromEntries(
    [...lines].filter(([, name]) => name === route).map(([, , kind, n]) => [kind, Number(n)]),
  );
}

/** A change of what `id` names, and its fact, through one replica. */
async function change(app: TestApp, id: string): Promise<void> {
  const facts = app.nest.get(FactsService);
  await app.nest.get(DatabaseService).transaction(async (tx) => {
    source.value++;
    await facts.append(tx, { stream: 'event', streamId: id, type: 'event.updated', data: {} });
  });
}

function wholeStory(name: string, withRedis: boolean): void {
  (withRedis && without('redis-server') ? describe.skip : describe)(`two replicas ${name}`, () => {
    let server: RedisServer | undefined;
    let network: TcpProxy | undefined;
    let a: TestApp;
    let b: TestApp;

    beforeAll(async () => {
      if (withRedis) server = await RedisServer.start();
      if (server) network = await TcpProxy.before(server.url);
      const redis = server && network && { url: network.through(server.url), timeoutMs: 10 };
      a = await startApp({ redis }, [ProbeModule]);
      b = await startApp({ redis, database: a.config.database }, [ProbeModule]);
      if (withRedis) await redisServes();
    });
    afterAll(async () => {
      await b?.close();
      await a?.close();
      await network?.close();
      await server?.remove();
    });

    /** Until what A reads is found by B. */
    async function redisServes(): Promise<void> {
      const before = (await outcomes(b, 'ProbeController.once')).redis ?? 0;
      await until(async () => {
        const path = `/probe/once/${newId()}`;
        await valueAt(a, path);
        await valueAt(b, path);
        return ((await outcomes(b, 'ProbeController.once')).redis ?? 0) > before;
      });
    }

    /**
     * So many changes through A while both replicas are read all the time: the writer sees each at once, and nobody an
     * older state after a newer one. @returns the milliseconds until B knew
     */
    async function changes(count: number): Promise<number[]> {
      const id = newId();
      const path = `/probe/once/${id}`;
      let acknowledged = source.value;
      let writing = true;
      const wrong: string[] = [];
      const delays: number[] = [];
      const reader = async (app: TestApp, own: boolean): Promise<void> => {
        let last = 0;
        while (writing) {
          const least = own ? acknowledged : last;
          const seen = await valueAt(app, path);
          if (seen < least) wrong.push(`${own ? 'writer' : 'other'}: ${seen} after ${least}`);
          last = seen;
        }
      };
      const readers = [...Array(6).fill(a), ...Array(6).fill(b)].map((app) => reader(app, app === a));
      for (let i = 0; i < count; i++) {
        await change(a, id);
        acknowledged = source.value;
        const began = performance.now();
        assert.equal(await valueAt(a, path), acknowledged);
        await until(async () => (await valueAt(b, path)) === acknowledged);
        delays.push(performance.now() - began);
      }
      writing = false;
      await Promise.all(readers);
      assert.deepEqual(wrong, []);
      return delays;
    }

    test('a rush for one answer is one read in each replica at most, and one in all where Redis tells in time', async () => {
      const rush = async (): Promise<number> => {
        const path = `/probe/once/${newId()}`;
        const open = closeGate();
        source.reads = 0;
        const answers = Array.from({ length: 40 }, (_, i) => valueAt(i % 2 ? a : b, path));
        await sleep(20);
        open();
        assert.deepEqual(new Set(await Promise.all(answers)), new Set([source.value]));
        const { reads } = source;
        await valueAt(a, path);
        await valueAt(b, path);
        assert.equal(source.reads, reads, 'kept');
        return reads;
      };
      if (!withRedis) return assert.equal(await rush(), 2);
      // On a busy machine the other replica may run out of its 60 ms of patience and read as well.
      await until(async () => {
        const reads = await rush();
        assert.ok(reads <= 2);
        return reads === 1;
      });
    });

    test('a read that began before a change does not bring the old answer back', async () => {
      const id = newId();
      const path = `/probe/once/${id}`;
      const open = closeGate();
      const early = valueAt(a, path);
      await until(() => source.reads > 0 && source.gate !== undefined);
      await sleep(50);
      const old = source.value;
      await change(a, id);
      open();
      assert.equal(await early, old, 'it asked before the change');
      assert.equal(await valueAt(a, path), old + 1);
      assert.equal(await valueAt(b, path), old + 1, 'nor through Redis');
      assert.equal(await valueAt(a, path), old + 1);
    });

    test('a writer sees what it wrote at once, everybody else soon, and nobody the past again', async () => {
      note(`the other replica knew after, ms: ${JSON.stringify(percentiles(await changes(25)))}`);
    });

    test('sends a stale answer while it reads, but not after a fact', async () => {
      const id = newId();
      const path = `/probe/brief/${id}`;
      const old = await valueAt(a, path);
      await sleep(250);
      source.value++;
      const open = closeGate();
      assert.equal(await valueAt(a, path), old, 'at once, while the read waits');
      open();
      await until(async () => (await valueAt(a, path)) === old + 1);
      await change(a, id);
      assert.equal(await valueAt(a, path), old + 2);
      assert.ok((await outcomes(a, 'ProbeController.brief')).stale! >= 1);
    });

    test('never keeps an error', async () => {
      const path = `/probe/once/${newId()}`;
      source.failing = true;
      assert.equal((await a.client().get(path)).status, 404);
      source.failing = false;
      assert.equal(await valueAt(a, path), source.value);
      assert.equal(await valueAt(b, path), source.value);
    });

    test('names its answers: 304, an ETag for each encoding, and the order of the query is nothing', async () => {
      const path = `/probe/once/${newId()}`;
      const first = await a.client().get(`${path}?b=1&a=2`);
      assert.equal(first.headers['cache-control'], 'public, no-cache');
      assert.match(first.headers.vary!, /Accept-Encoding/);
      const again = await b.client().get(`${path}?a=2&b=1`, { 'If-None-Match': first.headers.etag! });
      assert.equal(again.status, 304);
      source.reads = 0;
      await a.client().get(`${path}?a=2&b=1`);
      assert.equal(source.reads, 0);
    });

    test('keeps what nobody in particular gets; a person gets what nobody gets', async () => {
      const [one, two] = await a.people(2);
      const answer = await one!.client.get('/probe/who/all');
      assert.deepEqual([answer.body, answer.headers['cache-control']], [{ who: null }, 'public, no-cache']);
      for (const person of [one!, two!]) {
        const own = await person.client.get('/probe/who/members');
        assert.deepEqual([own.body, own.headers['cache-control']], [{ who: person.id }, 'private, no-store']);
      }
      assert.equal((await a.client().get('/probe/who/members')).status, 401);
      assert.equal((await b.client().get('/probe/who/members')).status, 401);
    });

    if (withRedis)
      test('Redis slow, each answer 20 to 200 ms late: the same answers, and hardly a request waits for it', async () => {
        const late = async () =>
          (await scrape(a))
            .filter(({ labels }) => labels.remote === 'redis' && labels.outcome === 'timed_out')
            .reduce((sum, { name, value }) => (name.endsWith('_count') ? sum + value : sum), 0);
        const before = await late();
        const times: number[] = [];
        try {
          network!.delay(20 + Math.random() * 180, 'down');
          for (let i = 0; i < READS; i++) {
            const began = performance.now();
            assert.equal(await valueAt(a, `/probe/once/${newId()}`), source.value);
            times.push(performance.now() - began);
          }
          // The breaker's three each time that it tries again, and what was under way with them.
          const waited = (await late()) - before;
          assert.ok(
            waited >= 1 && waited <= READS / 10,
            `${waited} calls of ${READS} requests ran out of time`,
          );
          note(`a read past the cache, ms: ${JSON.stringify(percentiles(times))}`);
          await changes(3);
          // Now and then well, so that it is asked again and late in the middle of it.
          const weather = setInterval(
            () => network!.delay(Math.random() < 0.5 ? 0 : 20 + Math.random() * 180, 'down'),
            60,
          );
          await changes(8);
          clearInterval(weather);
          network!.pass();
          await redisServes();
          await changes(5);
        } finally {
          network!.pass();
        }
      });

    if (withRedis)
      for (const [fault, cause, mend] of [
        ['killed', () => server!.stop(), () => server!.resume()],
        ['frozen', async () => server!.signal('SIGSTOP'), async () => server!.signal('SIGCONT')],
        ['flushed', () => server!.command((redis) => redis.flushall()), async () => {}],
      ] as const)
        test(`Redis ${fault}: the same answers, no error, and it serves again`, async () => {
          const id = newId();
          const path = `/probe/once/${id}`;
          const old = await valueAt(a, path);
          await valueAt(b, path);
          await cause();
          await change(a, id);
          assert.equal(await valueAt(a, path), old + 1, 'the writer sees it');
          await until(async () => (await valueAt(b, path)) === old + 1);
          await mend();
          await redisServes();
          assert.equal(await valueAt(a, path), old + 1);
          assert.equal(await valueAt(b, path), old + 1);
          await change(b, id);
          assert.equal(await valueAt(b, path), old + 2);
          await until(async () => (await valueAt(a, path)) === old + 2);
        });
  });
}

wholeStory('without Redis', false);
wholeStory('with Redis', true);

describe('what may be kept', () => {
  @Controller('bad')
  class BadController {
    @Get('private')
    @Cached({ ttl: 1, tags: [] })
    closed() {}

    @Public()
    @Get('headers')
    @Cached({ ttl: 1, tags: [] })
    headers(@Headers('cookie') _cookie: string) {}

    @Public()
    @Post('write')
    @Cached({ ttl: 1, tags: [] })
    write() {}

    @Public()
    @Get('tag')
    @Cached({ ttl: 1, tags: ['event:{id}'] })
    tag() {}
  }
  @Module({ controllers: [BadController] })
  class BadModule {}

  test('is checked at the start: no private route, nothing that looks at the client', async () => {
    await assert.rejects(startApp({}, [BadModule]), (error: Error) => {
      assert.match(error.message, /BadController.closed is not open to everyone/);
      assert.match(error.message, /BadController.headers takes more of the request/);
      assert.match(error.message, /BadController.write is no GET route/);
      assert.match(error.message, /BadController.tag has no parameter \{id\}/);
      return true;
    });
  });

  test('has a bound in bytes, and what is dropped leaves nothing behind', () => {
    const kept = new CachedAnswers();
    const options = { ttl: 1, tags: [] };
    const route = { name: 'x', options };
    const answer = Answer.of('x'.repeat(500_000), options);
    const times = { freshUntil: Infinity, staleUntil: Infinity };
    for (let i = 0; i < 200; i++) kept.put(`${i}`, { answer, route, tags: ['all', `all:${i}`], ...times });
    assert.ok(kept.count > 50 && kept.bytes <= 32 * 1024 * 1024);
    assert.equal(kept.drop('all:1'), 0, 'pushed out');
    const { count } = kept;
    assert.equal(kept.drop('all'), count);
    assert.equal(kept.bytes, 0);
  });

  test('has one key for all orders of a query', () => {
    assert.equal(keyOf('/a?b=1&a=2&c='), keyOf('/a?c=&a=2&b=1'));
    assert.notEqual(keyOf('/a?b=1&a=2'), keyOf('/a?b=2&a=1'));
    assert.equal(keyOf('/a?b=1'), '/a?b=1');
  });
});
