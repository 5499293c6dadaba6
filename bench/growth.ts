import type pg from 'pg';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { createTestDatabase } from '../test/support/database.js';
import { Hall } from './hall.js';
import { holdAll } from './hold-service.js';
import { assertClean, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { spread } from './stats.js';

const CALLERS = 64;
const PAST_EVENTS = 20;
const PAST_SEATS = 50_000;

export const growth: Scenario = { name: 'growth', title: 'Growth', run };

async function run(options: Options): Promise<Gate[]> {
  if (options.quick) {
    options.note('left out of the short form: it needs a million bookings');
    return [];
  }
  const past = await createTestDatabase();
  await insertPast(past.pool);
  const grown = await startApp({ database: { url: past.url } });
  const empty = await startApp();
  try {
    return await compare(grown, empty, options);
  } finally {
    await grown.close();
    await empty.close();
    await past.drop();
  }
}

async function compare(grown: TestApp, empty: TestApp, { rounds }: Options): Promise<Gate[]> {
  const large = await Hall.build(grown.url, grown.db, 1_000, 100);
  const small = await Hall.build(empty.url, empty.db, 100, 100);
  const p50 = async (app: TestApp, hall: Hall): Promise<number> => {
    const eventId = await hall.sell();
    await app.db.query('CHECKPOINT');
    const { times } = await holdAll(app, eventId, 10_000, CALLERS);
    return spread(times).p50;
  };
  await p50(empty, small);
  const figures = await interleave(rounds, {
    grown: () => p50(grown, large),
    empty: () => p50(empty, small),
  });
  assertClean(await grown.nest.get(InvariantsService).run());
  assertClean(await empty.nest.get(InvariantsService).run());
  return [
    {
      path: `hold, service call, ${CALLERS} callers, p50, 100,000-seat event, 1,000,000 past bookings`,
      against: 'an empty database, 10,000-seat event',
      unit: 'ms',
      ours: figures.grown,
      baseline: figures.empty,
      bound: { atMost: 1.3 },
    },
  ];
}

/** A million confirmed bookings of one seat each, with seats, items and facts, of events that are over. */
async function insertPast(db: pg.Pool): Promise<void> {
  await db.query(
    `CREATE TABLE bench_past AS
     SELECT e.id AS event_id, n, uuidv7() AS booking_id, uuidv7() AS item_id, gen_random_uuid() AS user_id
     FROM (SELECT uuidv7() AS id FROM generate_series(1, ${PAST_EVENTS})) e, generate_series(0, ${PAST_SEATS - 1}) n`,
  );
  await db.query(
    `INSERT INTO seat (event_id, n, state, category, section, run, accessible, booking_id)
     SELECT event_id, n, 2, 0, 0, n / 100, false, booking_id FROM bench_past`,
  );
  await db.query(
    `INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, currency, total, created_at)
     SELECT event_id, booking_id, user_id, upper(substr(md5(booking_id::text), 1, 16)), 'confirmed',
       now() - interval '30 days', now() - interval '30 days', 'EUR', 2000, now() - interval '30 days' FROM bench_past`,
  );
  await db.query(
    `INSERT INTO booking_item (event_id, booking_id, id, n, price, status)
     SELECT event_id, booking_id, item_id, n, 2000, 'confirmed' FROM bench_past`,
  );
  await db.query(
    `INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, occurred_at)
     SELECT event_id, 'booking', booking_id, 1, 'booking.imported', jsonb_build_object('userId', user_id), user_id,
       now() - interval '30 days' FROM bench_past`,
  );
  await db.query('DROP TABLE bench_past');
  await db.query('VACUUM ANALYZE');
}
