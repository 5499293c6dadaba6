import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { type Cost, costEach, countCost } from './processor.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { closedLoop, type Load, openLoop, total } from './sender.js';
import { median, ms, spread } from './stats.js';

const CALLERS = 256;

export const holdHttp: Scenario = { name: 'hold-http', title: 'Hold over HTTP', run };

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  try {
    return await compare(app, options);
  } finally {
    await app.stop();
  }
}

async function compare(app: AppChild, { rounds, quick, note }: Options): Promise<Gate[]> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const tokens = await app.tokens(CALLERS);
  const seconds = quick ? 1 : 4;
  const closed: number[] = [];
  const costs: Record<'hold' | 'noop', Cost[]> = { hold: [], noop: [] };

  // Only what was acknowledged counts.
  async function sell(path: (id: string) => string, inTime = seconds): Promise<Load & { cost: Cost }> {
    const eventId = await hall.sell();
    await app.db.query('CHECKPOINT');
    const held: string[] = [];
    const count = countCost(app.pid);
    const load = await closedLoop(
      app.url,
      { connections: CALLERS, seconds: inTime, count: 50_000 },
      (n, own) => holdRequest(path(eventId), tokens[own]!, n),
      ({ status, body }) => status === 201 && held.push(idOf(body)),
    );
    const cost = count(held.length);
    await app.audit(eventId, held);
    if (unwanted(load) > 0) note(`${path('…')}: ${JSON.stringify(load.statuses)}`);
    return { ...load, cost, rate: load.rate * (held.length / (held.length + unwanted(load))) };
  }
  const hold = (eventId: string) => `/events/${eventId}/holds`;
  // The first requests of a process are slower and are not compared.
  await sell(hold, 1);

  const figures = await interleave(rounds, {
    ours: async () => {
      const load = await sell(hold);
      closed.push(...load.times[201]!);
      costs.hold.push(load.cost);
      return load.rate;
    },
    noop: async () => {
      const eventId = await hall.sell();
      const count = countCost(app.pid);
      const load = await closedLoop(app.url, { connections: CALLERS, seconds }, (n, own) =>
        holdRequest(`/bench/${eventId}/noop`, tokens[own]!, n),
      );
      costs.noop.push(count(total(load.statuses)));
      assertEqual('no-op requests that failed', unwanted(load), 0);
      return load.rate;
    },
    eventLock: async () => (await sell((id) => `/bench/${id}/event-lock`)).rate,
    seatLocks: async () => (await sell((id) => `/bench/${id}/seat-locks`)).rate,
  });

  note(`processors for a hold: ${costEach(costs.hold)}; for a no-op: ${costEach(costs.noop)}`);
  const limit = median(figures.ours);
  note(`closed loop of ${CALLERS}: p50 ${ms(spread(closed).p50)}, p99 ${ms(spread(closed).p99)}`);
  const p95: number[] = [];
  for (const share of [0.2, 0.7]) {
    const rate = limit * share;
    const { load } = await atRate(app, await hall.sell(), tokens, rate, quick ? 1 : 5);
    const times = spread(load.times[201] ?? []);
    p95.push(times.p95);
    note(
      `constant ${Math.round(rate)} holds/s (${share * 100} % of the limit): p50 ${ms(times.p50)}, ` +
        `p95 ${ms(times.p95)}, p99 ${ms(times.p99)}, ${unwanted(load)} not acknowledged`,
    );
  }
  return [
    {
      path: `hold over HTTP, one process, ${CALLERS} callers`,
      against: 'no-op POST of the same app: same hooks, guard, schemas and answer',
      unit: 'req/s',
      ours: figures.ours,
      baseline: figures.noop,
      bound: { atLeast: 0.75 },
    },
    {
      path: `hold over HTTP, one process, ${CALLERS} callers`,
      against: 'TypeORM transaction in the same app, event row lock',
      unit: 'holds/s',
      ours: figures.ours,
      baseline: figures.eventLock,
      bound: { atLeast: 10 },
    },
    {
      path: `hold over HTTP, one process, ${CALLERS} callers`,
      against: 'TypeORM transaction in the same app, seat row locks (no seq, no feed)',
      unit: 'holds/s',
      ours: figures.ours,
      baseline: figures.seatLocks,
      bound: { atLeast: 3 },
    },
    {
      path: 'hold over HTTP at a constant 70 % of the limit, p95',
      against: '',
      unit: 'ms',
      ours: p95.slice(-1),
      bound: { atMost: 200 },
    },
  ];
}

/** Rate that a closed loop of these buyers reaches on an event, in holds a second. */
export async function limitOf(
  app: AppChild,
  eventId: string,
  tokens: string[],
  seconds: number,
): Promise<number> {
  const held: string[] = [];
  const { rate } = await closedLoop(
    app.url,
    { connections: tokens.length, seconds, count: 50_000 },
    (n, own) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, n),
    ({ status, body }) => status === 201 && held.push(idOf(body)),
  );
  await app.audit(eventId, held);
  return rate;
}

/**
 * Holds at a constant rate, from seat `first` on, which must be free; every hold counts from when it was due. `known`:
 * what the event had before; what is held is added.
 */
export async function atRate(
  app: AppChild,
  eventId: string,
  tokens: string[],
  rate: number,
  seconds: number,
  { known = [], first = 0 }: { known?: string[]; first?: number } = {},
) {
  const held: string[] = [];
  const load = await openLoop(
    app.url,
    { connections: tokens.length, seconds, rate },
    (n, own) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, first + n),
    ({ status, body }) => status === 201 && held.push(idOf(body)),
  );
  known.push(...held);
  await app.audit(eventId, known);
  return { load, held };
}

const unwanted = ({ statuses }: Load): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => sum + (status === '201' ? 0 : count), 0);
