import type pg from 'pg';
import { startApp, type TestApp } from '../test/support/app.js';
import { Hall } from './hall.js';
import { assertEqual, type Gate, type Options, type Scenario } from './scenario.js';
import { ms, spread } from './stats.js';

const WORDS = [
  'Faust',
  'Tosca',
  'Ärger',
  'Straßenfest',
  'Łódź',
  'Jazz',
  'Handball',
  'Lesung',
  '東京公演',
  'Winter',
];
const ADJECTIVES = ['neue', 'große', 'letzte', 'stille', 'wilde', 'kleine', 'rote', 'ferne', 'laute', 'alte'];
const PIECE = 10_000;

/** Searches that no cache has seen: numbers make each its own. */
const SEARCHES: Record<string, (n: number, events: number) => string> = {
  'two words, 1,000 hits': (n) => `${ADJECTIVES[n % 10]} ${WORDS[((n / 10) % 10) | 0]}`,
  'one word, 10,000 hits': (n) => `${WORDS[n % 10]}`,
  'a word of every event': () => 'evening',
  // Words are also found by how they begin, so the number has as many digits as the largest.
  'one event': (n, events) => `evening ${events / 10 + ((n * 7_919) % (events * 0.9))}`,
  nothing: (n) => `nobody ${n}`,
};

/** `GET /events?q=` in a list of many events, one search after the other. */
export const search: Scenario = { name: 'search', title: 'Search', run };

async function run({ quick, note }: Options): Promise<Gate[]> {
  const events = quick ? 2_000 : 100_000;
  const app = await startApp();
  try {
    const began = performance.now();
    await fill(app, events);
    note(`${events} events inserted and indexed in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    const all: number[] = [];
    for (const [name, text] of Object.entries(SEARCHES)) {
      const times: number[] = [];
      for (let n = 0; n < 40; n++) {
        // The cache knows a list by its address: another day for each is another list with the same events.
        const query = new URLSearchParams({
          q: text(n, events),
          from: new Date(n * 86_400_000).toISOString(),
        });
        const before = performance.now();
        const { status, body } = await app.client().get(`/events?${query}`);
        times.push(performance.now() - before);
        assertEqual(`status of ${query}`, status, 200);
        if (name === 'one event') assertEqual(`events found by ${query}`, body.total, 1);
      }
      const { p50, p95, max } = spread(times);
      note(`${name}: p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}`);
      all.push(...times);
    }
    const { p50, p95 } = spread(all);
    note(`all ${all.length}: p50 ${ms(p50)}, p95 ${ms(p95)}`);
    return [
      {
        path: `GET /events?q=, ${events} events, p95 of ${all.length} that no cache knows`,
        against: 'the bound of all reads',
        unit: 'ms',
        ours: [p95],
        bound: { atMost: 200 },
      },
    ];
  } finally {
    await app.close();
  }
}

async function fill(app: TestApp, count: number): Promise<void> {
  const eventId = await (await Hall.build(app.url, app.db, 2, 10)).sell();
  for (let from = 0; from < count; from += PIECE)
    await insert(app.db, eventId, from, Math.min(PIECE, count - from));
  await app.db.query('VACUUM ANALYZE event, event_listing');
}

const insert = (db: pg.Pool, eventId: string, from: number, count: number) =>
  db.query(
    `WITH made AS (
       INSERT INTO event (id, organizer_id, venue_id, plan_id, title, category, status, starts_at, ends_at, timezone,
                          currency, published_at)
       SELECT uuidv7(), e.organizer_id, e.venue_id, e.plan_id,
              ($2::text[])[1 + n % 10] || ' ' || ($3::text[])[1 + n / 10 % 10] || ' evening ' || n,
              'Bench', 'published', now() + n * interval '1 minute', now() + (n + 120) * interval '1 minute', 'UTC', 'EUR', now()
         FROM event e, generate_series($4::int, $4::int + $5::int - 1) n WHERE e.id = $1 RETURNING *)
     INSERT INTO event_listing (event_id, venue_name, city, country, from_price, places, free_places, search)
     SELECT id, 'Bench hall', 'Erfurt', 'DE', 1000, 10, 5, '' FROM made`,
    [eventId, ADJECTIVES, WORDS, from, count],
  );
