import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { highest, residentMemory, watchMemory } from './memory.js';
import { assertEqual, type Gate, type Options, type Scenario } from './scenario.js';
import { burst, closedLoop, openLoop } from './sender.js';
import { ms, spread } from './stats.js';

const BUYERS = 1_000;
/** More than wait in a lane at most, so that the lane has to refuse. */
const CONNECTIONS = 6_000;
const TIMES = 4;

export const overload: Scenario = {
  name: 'overload',
  title: 'Memory in a rush, and four times the limit',
  run,
};

async function run(options: Options): Promise<Gate[]> {
  let app = await startAppChild();
  try {
    const arena = await Hall.build(app.url, app.db, 500, 100);
    const twice = await Hall.build(app.url, app.db, 1_000, 100);
    const events = [await arena.sell(), await twice.sell()] as const;
    // Large plans were read in there.
    app = await app.restart();
    return await measure(app, events, options);
  } finally {
    await app.stop();
  }
}

async function measure(
  app: AppChild,
  [rushed, flooded]: readonly [string, string],
  { quick, note }: Options,
): Promise<Gate[]> {
  const seconds = quick ? 2 : 10;
  const tokens = await app.tokens(CONNECTIONS);
  const before = residentMemory(app.pid);
  const { peak, limit } = await rush(app, rushed, tokens, seconds / 2);
  note(
    `resident memory ${Math.round(before)} MB before, at most ${Math.round(peak)} MB in a rush of ${BUYERS} buyers`,
  );
  note(`limit: ${Math.round(limit)} holds/s (closed loop of 256)`);
  const growth = await flood(app, flooded, tokens, limit * TIMES, seconds, note);
  return [
    {
      path: `resident memory of the process, ${BUYERS.toLocaleString('en')} buyers at once`,
      against: '',
      unit: 'MB',
      ours: [peak],
      bound: { atMost: 400 },
    },
    {
      path: `four times the limit for ${seconds} s: memory in the last third`,
      against: 'in the first third',
      unit: 'MB',
      ours: [growth.late],
      baseline: [growth.early],
      bound: { atMost: 1.25 },
    },
  ];
}

/** All buyers at once for one seat, then each for seats of his own; the limit is what 256 of them get. */
async function rush(app: AppChild, eventId: string, tokens: string[], seconds: number) {
  const held: string[] = [];
  const make = (n: number, own: number) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, n);
  const keep = ({ status, body }: { status: number; body: Buffer }) =>
    status === 201 && held.push(idOf(body));
  const stop = watchMemory(app.pid);
  await burst(app.url, BUYERS, (own) => make(0, own), keep);
  await closedLoop(
    app.url,
    { connections: BUYERS, seconds, count: 49_999 },
    (i, own) => make(i + 1, own),
    keep,
  );
  const peak = highest(stop());
  const { rate } = await closedLoop(
    app.url,
    { connections: 256, seconds, count: 25_000 },
    (i, own) => make(i + 25_000, own),
    keep,
  );
  await app.audit(eventId, held);
  return { peak, limit: rate };
}

async function flood(
  app: AppChild,
  eventId: string,
  tokens: string[],
  rate: number,
  seconds: number,
  note: Options['note'],
) {
  const held: string[] = [];
  // Seats of refused requests are asked for again.
  const refused: number[] = [];
  const seats: number[] = [];
  let fresh = 0;
  let unhelpful = 0;
  const stop = watchMemory(app.pid);
  const load = await openLoop(
    app.url,
    { connections: CONNECTIONS, seconds, rate, drop: true },
    (index, own) => {
      seats[index] = refused.pop() ?? fresh++;
      return holdRequest(`/events/${eventId}/holds`, tokens[own]!, seats[index]);
    },
    ({ status, head, body }, index) => {
      if (status === 201) held.push(idOf(body));
      else refused.push(seats[index]!);
      if (status === 503 && !/^retry-after: \d/im.test(head)) unhelpful++;
    },
  );
  const samples = stop();
  await app.audit(eventId, held);
  const sent = Object.values(load.statuses).reduce((sum, count) => sum + count, 0);
  assertEqual('answers other than 201 and 503', sent - held.length - (load.statuses[503] ?? 0), 0);
  assertEqual('503 without Retry-After', unhelpful, 0);
  note(
    `accepted ${Math.round(held.length / seconds)} holds/s, ${(held.length / seconds / (rate / TIMES)).toFixed(2)} of the limit`,
  );
  note(
    `offered ${Math.round(rate)}/s over ${CONNECTIONS} connections: ${sent} answered, ${JSON.stringify(load.statuses)}, ` +
      `${Math.round(rate * seconds) - sent} found no free connection; 201 p50 ${ms(spread(load.times[201] ?? []).p50)}`,
  );
  if (!load.statuses[503]) throw new Error('Nothing was refused: the overload did not reach the lane.');
  const within = (from: number, to: number) => samples.filter(({ at }) => at >= from && at <= to);
  return {
    early: highest(within(0, seconds / 3 + 1)),
    late: highest(within((seconds * 2) / 3, Number.POSITIVE_INFINITY)),
  };
}
