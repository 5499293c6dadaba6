import { performance } from 'node:perf_hooks';
import { HoldsService } from '../src/inventory/holds/holds.service.js';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { newId } from '../src/platform/common/ids.js';
import { SEAT } from '../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { BATCH, GIVEN_BATCH, makeBatches } from './given-batches.js';
import { Hall } from './hall.js';
import { type PgbenchResult, pgbench, pgbenchVersion } from './pgbench.js';
import { assertClean, assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { WITH_SEQ, WITHOUT_SEQ } from './single-statement.js';
import { median, ms, spread } from './stats.js';

const CALLERS = 256;
const PATH = 'hold, service call, one event, 256 callers';

export const holdService: Scenario = { name: 'hold-service', title: 'Hold by service call', run };

async function run(options: Options): Promise<Gate[]> {
  const app = await startApp();
  try {
    return await compare(app, options);
  } finally {
    await app.close();
  }
}

async function compare(app: TestApp, { rounds, quick, note }: Options): Promise<Gate[]> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const holds = quick ? 4_000 : 40_000;
  const seconds = quick ? 1 : 3;
  const latencies: number[] = [];
  // The first calls of a process are slower and are not compared.
  await holdAll(app, await fresh(app, hall), 10_000, CALLERS);

  const ours = async (): Promise<number> => {
    const eventId = await fresh(app, hall);
    const { took, times } = await holdAll(app, eventId, holds, CALLERS);
    latencies.push(...times);
    await assertRows(app, eventId, holds);
    return holds / took;
  };
  const oneCaller = async (): Promise<number> => {
    const { times } = await holdFor(app, await fresh(app, hall), seconds);
    return spread(times).p50;
  };
  if (!pgbenchVersion()) {
    note('SKIPPED: pgbench is not on the PATH (Debian: package postgresql-contrib); no baseline.');
    await interleave(rounds, { ours });
    return [];
  }

  const batch = async (): Promise<number> => {
    const eventId = await fresh(app, hall);
    await makeBatches(app.db, holds / BATCH);
    const result = await pgbench(app.config.database.url, {
      script: GIVEN_BATCH,
      clients: 2,
      transactions: holds / BATCH / 2,
      variables: { i: -1, clients: 2, seq: 0, event: eventId },
    });
    await assertRows(app, eventId, holds);
    return result.rate * BATCH;
  };
  const single = async (script: string, clients: number): Promise<PgbenchResult> => {
    const event = await fresh(app, hall);
    const run = { script, clients, seconds, variables: { i: -1, clients, first: 0, event } };
    const result = await pgbench(app.config.database.url, run);
    assertEqual('rows of single statements', await bookings(app, event), result.transactions);
    return result;
  };

  const figures = await interleave(rounds, {
    ours,
    batch,
    withSeq: async () => (await single(WITH_SEQ, 32)).rate,
    withoutSeq: async () => (await single(WITHOUT_SEQ, 32)).rate,
    oneCaller,
    oneClient: async () => (await single(WITH_SEQ, 1)).p50,
  });
  assertClean(await app.nest.get(InvariantsService).run());
  const { p50, p99 } = spread(latencies);
  note(
    `256 callers: p50 ${ms(p50)}, p99 ${ms(p99)}; ${holds} holds a round on a fresh event of 50,000 seats`,
  );
  note(`one caller makes ${Math.round(1000 / median(figures.oneCaller))} holds/s`);

  const rate = { path: PATH, unit: 'holds/s', ours: figures.ours };
  return [
    {
      ...rate,
      against: 'pgbench, the same batch of 100 with given arrays, 2 clients',
      baseline: figures.batch,
      bound: { atLeast: 0.7 },
    },
    {
      ...rate,
      against: "pgbench, one statement a hold, 32 clients, with the event's next seq",
      baseline: figures.withSeq,
      bound: { atLeast: 8 },
    },
    {
      ...rate,
      against: 'pgbench, one statement a hold, 32 clients, without seq and feed',
      baseline: figures.withoutSeq,
      bound: { atLeast: 2 },
    },
    {
      path: 'hold, service call, one caller, p50',
      against: 'pgbench, one statement a hold, 1 client, p50',
      unit: 'ms',
      ours: figures.oneCaller,
      baseline: figures.oneClient,
      bound: { atMost: 1.5 },
    },
  ];
}

/** A fresh event whose memory is loaded; what was written before is on disk. */
async function fresh(app: TestApp, hall: Hall): Promise<string> {
  const eventId = await hall.sell();
  await app.db.query('CHECKPOINT');
  return eventId;
}

interface Held {
  /** Seconds. */
  took: number;
  /** Milliseconds of each hold. */
  times: number[];
}

/** Holds seats 0..count-1, one each, by so many callers who each wait for their answer. */
export async function holdAll(app: TestApp, eventId: string, count: number, callers: number): Promise<Held> {
  const service = app.nest.get(HoldsService);
  const times: number[] = [];
  let next = 0;
  const caller = async () => {
    const userId = newId();
    while (next < count) {
      const start = performance.now();
      await service.hold(eventId, { seats: [next++] }, { userId });
      times.push(performance.now() - start);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return { took: (performance.now() - began) / 1000, times };
}

async function holdFor(app: TestApp, eventId: string, seconds: number): Promise<Held> {
  const service = app.nest.get(HoldsService);
  const times: number[] = [];
  const userId = newId();
  const began = performance.now();
  for (let n = 0; performance.now() < began + seconds * 1000; n++) {
    const start = performance.now();
    await service.hold(eventId, { seats: [n] }, { userId });
    times.push(performance.now() - start);
  }
  return { took: (performance.now() - began) / 1000, times };
}

export async function bookings({ db }: Pick<TestApp, 'db'>, eventId: string): Promise<number> {
  const { rows } = await db.query('SELECT count(*)::int AS count FROM booking WHERE event_id = $1', [
    eventId,
  ]);
  return rows[0].count;
}

/** As many bookings, items and held seats as were acknowledged. */
export async function assertRows({ db }: Pick<TestApp, 'db'>, eventId: string, acknowledged: number) {
  const { rows } = await db.query(
    `SELECT (SELECT count(*) FROM booking WHERE event_id = $1)::int AS bookings,
       (SELECT count(*) FROM booking_item WHERE event_id = $1)::int AS items,
       (SELECT count(*) FROM seat WHERE event_id = $1 AND state = ${SEAT.HELD})::int AS seats`,
    [eventId],
  );
  for (const [what, found] of Object.entries(rows[0] as Record<string, number>))
    assertEqual(`${what} of event ${eventId}`, found, acknowledged);
}
