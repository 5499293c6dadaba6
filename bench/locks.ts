import { performance } from 'node:perf_hooks';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { card } from '../test/support/money.js';
import { recordStatements } from '../test/support/statements.js';
import { Hall, people } from './hall.js';
import { withOwnRedis } from './own-redis.js';
import { assertClean, assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { median, ms, spread } from './stats.js';

/** Times out, but is charged: its checkout runs for as long as a payment may take. */
const LATE = '4000000000000416';
const PAYMENT_MS = 2_000;

export const locks: Scenario = {
  name: 'locks',
  title: 'Savings by locks in Redis: a second checkout of a booking, and a cold answer on two replicas',
  run: (options) => withOwnRedis(options, (redis) => measure(redis.url, options)),
};

async function measure(redisUrl: string, options: Options): Promise<Gate[]> {
  const settings = { payments: { timeoutMs: PAYMENT_MS }, inventory: { sweeper: false } };
  const plain = await startApp(settings);
  const { database } = plain.config;
  const apps = [plain, await startApp({ ...settings, database })];
  try {
    for (let i = 0; i < 2; i++)
      apps.push(await startApp({ ...settings, database, redis: { url: redisUrl, timeoutMs: 10 } }));
    const [without, withLocks] = [apps.slice(0, 2), apps.slice(2)] as [TestApp[], TestApp[]];
    return await compare({ without, with: withLocks }, options);
  } finally {
    for (const app of apps.reverse()) await app.close();
  }
}

type Pair = readonly TestApp[];

async function compare(
  pairs: Record<'with' | 'without', Pair>,
  { rounds, quick, note }: Options,
): Promise<Gate[]> {
  const [plain] = pairs.without as [TestApp];
  const hall = await Hall.build(plain.url, plain.db, 20, 100);
  const eventId = await hall.sell();
  const [buyer] = await people(plain.url, plain.db, 1);
  const counts: Record<string, number[]> = {
    'with checkout': [],
    'without checkout': [],
    'with cold': [],
    'without cold': [],
  };
  let seat = 0;

  /** ms of a second checkout at the other replica, while the first one is at work. */
  const second = async (side: 'with' | 'without'): Promise<number> => {
    const [here, there] = pairs[side] as [TestApp, TestApp];
    const held = await here.client(buyer!.token).post(`/events/${eventId}/holds`, { seats: [seat++] });
    const path = `/bookings/${held.body.id}/checkout`;
    let running = true;
    const first = here
      .client(buyer!.token)
      .post(path, card(LATE))
      .finally(() => {
        running = false;
      });
    const client = there.client(buyer!.token);
    while ((await client.get(`/bookings/${held.body.id}`)).body.status !== 'paying');
    const recorded = recordStatements();
    const times: number[] = [];
    const wanted = quick ? 20 : 200;
    while (running && times.length < wanted) {
      const began = performance.now();
      const { status } = await client.post(path, card(), { 'x-correlation-id': 'second' });
      if (!running) break;
      assertEqual('status of a second checkout', status, 409);
      times.push(performance.now() - began);
    }
    recorded.stop();
    counts[`${side} checkout`]!.push(
      recorded.asked.filter(({ by }) => by === 'second').length / times.length,
    );
    await first;
    return spread(times).p50;
  };

  /** Statements of a list that nobody has read yet, asked for at both replicas by 20 people at once. */
  const cold = async (side: 'with' | 'without', round: number): Promise<number> => {
    const recorded = recordStatements();
    const lists = quick ? 5 : 40;
    for (let i = 0; i < lists; i++) {
      const path = `/events?limit=20&priceMax=${1_000 + i}&priceMin=${round + 1}&q=${side}`;
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          pairs[side][n % 2]!.client().get(path, { 'x-correlation-id': 'cold' }),
        ),
      );
    }
    recorded.stop();
    const asked = recorded.asked.filter(({ by }) => by === 'cold').length / lists;
    counts[`${side} cold`]!.push(asked);
    return asked;
  };

  const figures = await interleave(rounds, {
    withSecond: () => second('with'),
    withoutSecond: () => second('without'),
    withCold: (round) => cold('with', round),
    withoutCold: (round) => cold('without', round),
  });
  assertClean(await plain.nest.get(InvariantsService).run());
  for (const [what, found] of Object.entries(counts))
    note(`statements a request, ${what}: ${median(found).toFixed(2)}`);
  note(
    `second checkout: ${ms(median(figures.withSecond))} with locks, ${ms(median(figures.withoutSecond))} without`,
  );
  return [
    {
      path: 'a second checkout while the first runs on another replica, p50, with locks',
      against: 'the same answered by the database',
      unit: 'ms',
      ours: figures.withSecond,
      baseline: figures.withoutSecond,
      bound: { atMost: 1 },
    },
    {
      path: 'statements of a second checkout, with locks',
      against: '',
      unit: 'statements',
      ours: counts['with checkout']!,
      bound: { atMost: 0 },
    },
    {
      path: 'statements of a cold list that 20 people ask for at two replicas, with locks',
      against: 'the same without Redis',
      unit: 'statements',
      ours: figures.withCold,
      baseline: figures.withoutCold,
      bound: { atMost: 0.75 },
    },
  ];
}
