import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createTestDatabase } from '../test/support/database.js';
import { type AppChild, startAppChild } from './app-child.js';
import { Hall, people } from './hall.js';
import { withOwnRedis } from './own-redis.js';
import { assertEqual, type Gate, type Options, type Scenario } from './scenario.js';
import { openLoop, request, total } from './sender.js';

const EVENTS = 500;
const RATE = 1_000;
const FILTERS = [
  '',
  ...['concert', 'sport', 'theatre', 'talk'].map((category) => `category=${category}`),
  ...['startsAt', '-startsAt', 'price', '-price', 'title', '-publishedAt'].map((sort) => `sort=${sort}`),
  ...['city=Erfurt', 'currency=EUR', 'available=true', 'priceMax=2000', 'priceMin=500', 'limit=50'],
  ...['q=evening', 'category=sport&sort=price', 'category=concert&limit=50'],
];

/** Half of the requests read a list by one of 20 filters, half an event; once a second one event is changed. */
export const browse: Scenario = { name: 'browse', title: 'Browsing 500 events, Zipf 1.0', run };

async function run(options: Options): Promise<Gate[]> {
  const alone = await measure(options, 1, undefined);
  return [alone, ...(await withOwnRedis(options, async ({ url }) => [await measure(options, 2, url)]))];
}

async function measure({ quick, note }: Options, replicas: number, redisUrl?: string): Promise<Gate> {
  const database = await createTestDatabase();
  const apps: AppChild[] = [];
  try {
    for (let i = 0; i < replicas; i++)
      apps.push(
        await startAppChild({ redis: redisUrl ? { url: redisUrl, timeoutMs: 10 } : undefined }, database),
      );
    const ids = await fill(apps[0]!, database.pool);
    const seconds = quick ? 5 : 30;
    // First reads say nothing about a cache, so every list and event is read once before.
    for (const app of apps) await load(app, ids, 0.5, 2_000, true);
    const before = await look(apps, database.pool);
    const writing = write(apps[0]!, ids, seconds);
    await Promise.all(apps.map((app) => load(app, ids, seconds, RATE / replicas, false)));
    await writing;
    const after = await look(apps, database.pool);
    const counts = Object.fromEntries(
      Object.entries(after.outcomes).map(([kind, count]) => [kind, count - (before.outcomes[kind] ?? 0)]),
    );
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const hits = (counts.process ?? 0) + (counts.redis ?? 0);
    const where = replicas === 1 ? 'one replica' : `${replicas} replicas sharing Redis`;
    note(
      `${where}: ${JSON.stringify(counts)}, ${((after.commits - before.commits) / all).toFixed(3)} transactions a request, the replicas' own work included`,
    );
    return {
      path: `hit rate, ${where}, ${RATE} requests/s`,
      against: 'every answer that was not fresh is a miss, the stale ones too',
      unit: '',
      ours: [hits / all],
      bound: { atLeast: 0.95 },
    };
  } finally {
    for (const app of apps.slice(1)) await app.stopProcess();
    await apps[0]?.stop();
  }
}

async function fill(app: AppChild, db: pg.Pool): Promise<string[]> {
  await (await Hall.build(app.url, db, 2, 10)).sell();
  const { rows } = await db.query(
    `WITH made AS (
       INSERT INTO event (id, organizer_id, venue_id, plan_id, title, category, status, starts_at, ends_at, timezone,
                          currency, published_at)
       SELECT uuidv7(), e.organizer_id, e.venue_id, e.plan_id, 'An evening ' || n,
              (ARRAY['concert', 'sport', 'theatre', 'talk'])[1 + n % 4], 'published', now() + n * interval '1 hour',
              now() + (n + 2) * interval '1 hour', 'UTC', 'EUR', now()
         FROM event e, generate_series(10, $1::int + 9) n RETURNING *),
     listed AS (
       INSERT INTO event_listing (event_id, venue_name, city, country, from_price, places, free_places, search)
       SELECT id, 'Bench hall', 'Erfurt', 'DE', 1000, 10, 5, event_search(title, category, '') FROM made)
     SELECT id FROM made`,
    [EVENTS],
  );
  return rows.map(({ id }) => id);
}

/** Requests of `filters × events`, in a mix that is the same in every run; `once`: each of them once. */
async function load(app: AppChild, ids: readonly string[], seconds: number, rate: number, once: boolean) {
  const random = generator(7);
  const rank = zipf(ids.length);
  const bytes = (path: string) => request('GET', `/api/v1${path}`, { 'Accept-Encoding': 'gzip' });
  const list = (n: number) => bytes(`/events?${FILTERS[n % FILTERS.length]}`);
  const next = (index: number) => {
    if (once) return index < ids.length ? bytes(`/events/${ids[index]}`) : list(index);
    return random() < 0.5
      ? list(Math.floor(random() * FILTERS.length))
      : bytes(`/events/${ids[rank(random())]}`);
  };
  const { statuses } = await openLoop(app.url, { connections: 32, seconds, rate }, next);
  assertEqual('answers with 200', statuses[200] ?? 0, total(statuses));
}

async function write(app: AppChild, ids: readonly string[], seconds: number): Promise<void> {
  const [admin] = await people(app.url, app.db, 1, 'admin');
  const random = generator(11);
  const rank = zipf(ids.length);
  for (let second = 0; second < seconds; second++) {
    const path = `/events/${ids[rank(random())]}`;
    const { headers } = await admin!.client.get(path);
    const changed = await admin!.client.patch(
      path,
      { title: `An evening changed ${second}` },
      { 'If-Match': headers.etag! },
    );
    assertEqual('status of a change', changed.status, 200);
    await sleep(1_000);
  }
}

async function look(apps: readonly AppChild[], db: pg.Pool) {
  const outcomes: Record<string, number> = {};
  for (const app of apps) {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    for (const [, kind, count] of text.matchAll(
      /evently_cache_requests_total\{[^}]*outcome="(\w+)"\} (\d+)/g,
    ))
      outcomes[kind!] = (outcomes[kind!] ?? 0) + Number(count);
  }
  await db.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await db.query(
    'SELECT xact_commit::int AS commits FROM pg_stat_database WHERE datname = current_database()',
  );
  return { outcomes, commits: rows[0].commits as number };
}

function zipf(count: number): (random: number) => number {
  const sums: number[] = [];
  for (let n = 1; n <= count; n++) sums.push((sums.at(-1) ?? 0) + 1 / n);
  return (random) => {
    const wanted = random * sums.at(-1)!;
    return sums.findIndex((sum) => sum >= wanted);
  };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
