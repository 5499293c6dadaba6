import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Agent } from 'undici';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { type Client, createAgent } from '../../support/client.js';
import { Cluster } from '../../support/cluster.js';
import { assertExact } from '../../support/exact.js';
import type { ProxyKind } from '../../support/front-proxy.js';
import { openSale, realHall } from '../../support/halls.js';
import { percentiles } from '../../support/load.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { RedisServer } from '../../support/redis.js';
import { hold, Scenarios } from '../../support/scenarios.js';
import { SeatWatcher } from '../../support/seat-watcher.js';
import { without } from '../../support/tools.js';
import { until } from '../../support/until.js';

const BUYERS = 1_000;
const CHANGES = 40;

interface Setup {
  readonly proxy: ProxyKind;
  readonly redis: boolean;
}

for (const { proxy, redis } of [
  { proxy: 'haproxy', redis: false },
  { proxy: 'nginx', redis: true },
] satisfies Setup[])
  (without(proxy) || (redis && without('redis-server')) ? describe.skip : describe)(
    `two replicas behind ${proxy}, ${redis ? 'with' : 'without'} Redis`,
    () => {
      let app: TestApp;
      let server: RedisServer | undefined;
      let cluster: Cluster;
      let agent: Agent;
      let people: Person[];
      let scenarios: Scenarios;

      beforeAll(async () => {
        app = await startApp({ inventory: { sweeper: false } });
        server = redis ? await RedisServer.start() : undefined;
        cluster = await Cluster.start(app, { proxy, env: server ? { REDIS_URL: server.url } : {} });
        agent = createAgent();
        people = await app.people(BUYERS);
        scenarios = new Scenarios(
          app,
          people.map(({ token }) => cluster.client(agent, token)),
        );
      });
      afterAll(async () => {
        await agent?.destroy();
        await cluster?.stop();
        await server?.remove();
        await app?.close();
      });

      test('a thousand buyers: the same as with one replica', async () => {
        note(`one seat ${JSON.stringify((await scenarios.oneSeat()).ms)}`);
        note(`groups ${JSON.stringify((await scenarios.groups()).ms)}`);
        note(`places ${JSON.stringify((await scenarios.places()).ms)}`);
        note(`last seats ${JSON.stringify((await scenarios.lastSeats()).ms)}`);
      });

      test('a map watched on the other replica, and one through the proxy, are exact', async () => {
        const { eventId } = await openSale(app, realHall());
        const [here, there] = cluster.replicas;
        const buyers: Client[] = people.map(({ token }) => here.client(agent, token));
        const watchers = [there.url, cluster.url].map((url) => new SeatWatcher(url, eventId));
        const [other] = watchers as [SeatWatcher, SeatWatcher];
        await Promise.all(watchers.map((watcher) => watcher.ready()));
        const delays: number[] = [];
        for (let n = 0; n < CHANGES; n++) {
          // At any moment of the other's poll.
          await sleep(Math.random() * 100);
          assert.equal((await hold(buyers[n]!, eventId, { seats: [n] })).status, 201);
          const told = performance.now();
          await until(() => other.states[n] === SEAT.HELD);
          delays.push(performance.now() - told);
        }
        note(`from the answer to the other replica's watcher, ms: ${JSON.stringify(percentiles(delays))}`);
        for (const watcher of watchers) {
          await assertExact(app.db, watcher);
          assert.equal(watcher.seen.gaps, 0);
          watcher.close();
        }
      });
    },
  );
