import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { RollupsService } from '../src/analytics/rollups.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import type { Client } from '../test/support/client.js';
import type { Person } from '../test/support/people.js';
import { Hall } from './hall.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { spread } from './stats.js';

const EVENTS = 20;
const DAYS = 60;

/** An organizer's numbers of a million bookings, and the delay until facts show in them. */
export const dashboard: Scenario = { name: 'dashboard', title: 'Numbers of a million bookings', run };

async function run(options: Options): Promise<Gate[]> {
  // Facts are handed over by the scenario itself, to this handler only.
  const app = await startApp({ role: 'api' });
  try {
    return await measure(app, options);
  } finally {
    await app.close();
  }
}

async function measure(app: TestApp, { rounds, quick, note }: Options): Promise<Gate[]> {
  const rows = quick ? 10 : 500;
  const hall = await Hall.build(app.url, app.db, rows, 100);
  const events: string[] = [];
  for (let i = 0; i < EVENTS; i++) events.push(await hall.sell());
  const [organizer] = (await app.people(1, 'organizer')) as [Person];
  const [admin] = (await app.people(1, 'admin')) as [Person];
  await app.db.query('UPDATE event SET organizer_id = $1', [organizer.id]);
  await insertPast(app.db, events, rows * 100);

  const began = performance.now();
  const facts = await app.nest.get(RollupsService).rebuild(() => {});
  const seconds = (performance.now() - began) / 1_000;
  note(`${facts} facts counted in ${seconds.toFixed(1)} s: ${Math.round(facts / seconds)} a second`);
  await app.db.query('VACUUM ANALYZE');
  const { body } = await organizer.client.get('/analytics/summary');
  assertEqual('orders in the summary', body.current.orders, EVENTS * rows * 100);

  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const month = `from=${day(30)}&to=${day(0)}`;
  const [event] = events;
  const paths: Record<string, [Client, string]> = {
    'summary, all time': [organizer.client, 'summary'],
    'summary of 31 days and those before': [organizer.client, `summary?${month}`],
    'summary, all time, administrator': [admin.client, 'summary'],
    'popular, all time': [organizer.client, 'popular'],
    'timeseries, 61 days': [organizer.client, `timeseries?from=${day(DAYS)}&to=${day(0)}`],
    'timeseries, hours of 31 days': [organizer.client, `timeseries?interval=hour&eventId=${event}&${month}`],
    'timeseries as CSV': [organizer.client, `timeseries?format=csv&from=${day(DAYS)}&to=${day(0)}`],
    'cancellations, all time': [organizer.client, 'cancellations'],
    'one event': [organizer.client, `events/${event}?${month}`],
  };
  const names = Object.keys(paths);
  const sides = Object.fromEntries(names.map((name) => [name, () => p95(...paths[name]!, quick ? 20 : 200)]));
  const figures = await interleave(rounds, sides);
  return names.map((name) => ({
    path: `dashboard: ${name}, p95`,
    against: '',
    unit: 'ms',
    ours: figures[name]!,
    bound: { atMost: 50 },
  }));
}

async function p95(client: Client, path: string, requests: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    const start = performance.now();
    const { status } = await client.get(`/analytics/${path}`);
    times.push(performance.now() - start);
    assertEqual(`status of ${path}`, status, 200);
  }
  return spread(times).p95;
}

/** A paid booking of each seat at some time in 60 days, with its facts; one in twenty was given back. */
async function insertPast(db: pg.Pool, events: readonly string[], seats: number): Promise<void> {
  const client = await db.connect();
  try {
    // Without triggers: these would write the facts of payments one by one, and refunds have no sagas here.
    await client.query('SET session_replication_role = replica');
    await client.query(
      `CREATE TABLE bench_past AS
       SELECT event_id, n, uuidv7() AS booking_id, uuidv7() AS item_id, gen_random_uuid() AS user_id, uuidv7() AS payment_id,
              uuidv7() AS refund_id, n % 20 = 0 AS back, now() - random() * interval '${DAYS} days' AS at
       FROM unnest($1::uuid[]) AS event_id, generate_series(0, $2::int - 1) n`,
      [events, seats],
    );
    for (const statement of PAST) await client.query(statement);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}

const fact = (
  stream: string,
  id: string,
  version: number,
  type: string,
  data: string,
  where = 'true',
) => `INSERT INTO fact (event_id, stream, stream_id, version, type, data, occurred_at)
  SELECT event_id, '${stream}', ${id}, ${version}, '${type}', ${data}, at FROM bench_past WHERE ${where}`;
const MONEY = `jsonb_build_object('bookingId', booking_id, 'amount', 2000, 'currency', 'EUR')`;

const PAST = [
  `INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, currency, total, created_at)
   SELECT event_id, booking_id, user_id, upper(substr(md5(booking_id::text), 1, 16)),
          CASE WHEN back THEN 'cancelled' ELSE 'confirmed' END, at, at, 'EUR', 2000, at FROM bench_past`,
  `INSERT INTO booking_item (event_id, booking_id, id, n, price, status)
   SELECT event_id, booking_id, item_id, n, 2000, CASE WHEN back THEN 'cancelled' ELSE 'confirmed' END FROM bench_past`,
  `INSERT INTO payment (id, event_id, booking_id, user_id, provider, method, amount, currency, status, idempotency_key)
   SELECT payment_id, event_id, booking_id, user_id, 'sandbox', 'card', 2000, 'EUR', 'captured', payment_id FROM bench_past`,
  `INSERT INTO refund (id, payment_id, event_id, booking_id, amount, price, currency, items, cause, saga_id, status, idempotency_key)
   SELECT refund_id, payment_id, event_id, booking_id, 2000, 2000, 'EUR', ARRAY[item_id], 'buyer', refund_id, 'succeeded', refund_id
   FROM bench_past WHERE back`,
  fact(
    'booking',
    'booking_id',
    1,
    'booking.held',
    `jsonb_build_object('userId', user_id, 'total', 2000, 'items', jsonb_build_array(jsonb_build_array(item_id, n, NULL, 2000)))`,
  ),
  fact('booking', 'booking_id', 2, 'booking.confirmed', `'{}'`),
  fact('payment', 'payment_id', 1, 'payment.captured', MONEY),
  fact(
    'booking',
    'booking_id',
    3,
    'booking.cancelled',
    `jsonb_build_object('items', jsonb_build_array(item_id))`,
    'back',
  ),
  fact('refund', 'refund_id', 1, 'refund.succeeded', MONEY, 'back'),
  'DROP TABLE bench_past',
  'VACUUM ANALYZE',
];
