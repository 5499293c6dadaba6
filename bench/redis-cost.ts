import { setTimeout as sleep } from 'node:timers/promises';
import { HoldsService } from '../src/inventory/holds/holds.service.js';
import { InventoryMemoryService } from '../src/inventory/memory/inventory-memory.service.js';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { newId } from '../src/platform/common/ids.js';
import { SEAT } from '../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { Hall } from './hall.js';
import { assertRows, holdAll } from './hold-service.js';
import { withOwnRedis } from './own-redis.js';
import { assertClean, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { ms, spread } from './stats.js';

const CALLERS = 256;

export const redisCost: Scenario = {
  name: 'redis-cost',
  title: 'Cost of Redis for a hold, and delay until the other replica knows',
  run,
};

function run(options: Options): Promise<Gate[]> {
  return withOwnRedis(options, (redis) => measure(redis.url, options));
}

async function measure(redisUrl: string, options: Options): Promise<Gate[]> {
  const plain = await startApp();
  const { database } = plain.config;
  const other = await startApp({ database });
  const told = await startApp({ database, redis: { url: redisUrl, timeoutMs: 10 } });
  const listening = await startApp({ database, redis: { url: redisUrl, timeoutMs: 10 } });
  try {
    return await compare({ plain, other, told, listening }, options);
  } finally {
    for (const app of [listening, told, other, plain]) await app.close();
  }
}

type Apps = Record<'plain' | 'other' | 'told' | 'listening', TestApp>;

async function compare(apps: Apps, { rounds, quick, note }: Options): Promise<Gate[]> {
  const { plain, other, told, listening } = apps;
  const hall = await Hall.build(plain.url, plain.db, 500, 100);
  const holds = quick ? 4_000 : 30_000;
  const samples = quick ? 10 : 60;
  await holdAll(plain, await hall.sell(), 5_000, CALLERS);
  await holdAll(told, await hall.sell(), 5_000, CALLERS);

  const rate = async (app: TestApp): Promise<number> => {
    const eventId = await hall.sell();
    await app.db.query('CHECKPOINT');
    const cpu = process.cpuUsage();
    const { took } = await holdAll(app, eventId, holds, CALLERS);
    const { user, system } = process.cpuUsage(cpu);
    costs[app === told ? 'with' : 'without'].push((user + system) / holds);
    await assertRows(app, eventId, holds);
    return holds / took;
  };
  const costs: Record<'with' | 'without', number[]> = { with: [], without: [] };
  /** ms from the answer of a hold here until memory there has it. */
  const delays = async (here: TestApp, there: TestApp): Promise<number[]> => {
    const eventId = await hall.sell();
    const memory = there.nest.get(InventoryMemoryService);
    await memory.open(eventId);
    const found: number[] = [];
    for (let n = 0; n < samples; n++) {
      // At any moment of the other's poll.
      await sleep(Math.random() * 100);
      const seen = new Promise<number>((resolve) => {
        const stop = memory.onChange((of) => {
          if (of.eventId !== eventId || of.state(n) !== SEAT.HELD) return;
          stop();
          resolve(performance.now());
        });
      });
      await here.nest.get(HoldsService).hold(eventId, { seats: [n] }, { userId: newId() });
      const answered = performance.now();
      found.push(Math.max(0, (await seen) - answered));
    }
    return found;
  };
  const all = { with: [] as number[], without: [] as number[] };
  const figures = await interleave(rounds, {
    with: () => rate(told),
    without: () => rate(plain),
    soon: async () => {
      const found = await delays(told, listening);
      all.with.push(...found);
      return spread(found).p95;
    },
    later: async () => {
      const found = await delays(plain, other);
      all.without.push(...found);
      return spread(found).p95;
    },
  });
  assertClean(await plain.nest.get(InvariantsService).run());
  for (const [how, found] of Object.entries(all)) {
    const { p50, p95, max } = spread(found);
    note(
      `memory of the other replica, ${how} Redis: p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)} after the answer`,
    );
  }
  for (const [how, found] of Object.entries(costs))
    note(`CPU of the process a hold, ${how} Redis: ${spread(found).p50.toFixed(1)} µs (both replicas in it)`);
  return [
    {
      path: 'hold, service call, 256 callers, with Redis and a replica that listens',
      against: 'the same without Redis',
      unit: 'holds/s',
      ours: figures.with,
      baseline: figures.without,
      bound: { atLeast: 0.95 },
    },
    {
      path: 'a hold here until the memory of another replica has it, p95, with Redis',
      against: 'the same by polls',
      unit: 'ms',
      ours: figures.soon,
      baseline: figures.later,
      bound: { atMost: 0.5 },
    },
  ];
}
