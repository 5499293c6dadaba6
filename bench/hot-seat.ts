import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { burst, type Load } from './sender.js';
import { spread } from './stats.js';

const BUYERS = 1_000;

export const hotSeat: Scenario = { name: 'hot-seat', title: '1,000 buyers for one seat', run };

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
  const tokens = await app.tokens(BUYERS);
  const eventId = await hall.sell();
  const noop = () =>
    burst(app.url, BUYERS, (own) => holdRequest(`/bench/${eventId}/noop`, tokens[own]!, own));
  const held: string[] = [];
  let seat = 0;
  const rush = async () => {
    const n = seat++;
    const load = await burst(
      app.url,
      BUYERS,
      (own) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, n),
      ({ status, body }) => status === 201 && held.push(idOf(body)),
    );
    assertEqual('winners', load.statuses[201] ?? 0, 1);
    assertEqual('losers', load.statuses[409] ?? 0, BUYERS - 1);
    return load;
  };
  await noop();
  await rush();
  // A single rush takes a moment only; of each round the median of several counts.
  const times = quick ? 1 : 5;
  const figures = await interleave(rounds * times, {
    ours: async () => p95(await rush()),
    noop: async () => p95(await noop()),
  });
  await app.audit(eventId, held);
  note(`${seat} rushes, each one 201 and ${BUYERS - 1} × 409, every buyer on a connection of his own`);
  return [
    {
      path: `${BUYERS.toLocaleString('en')} buyers for one seat, p95`,
      against: `${BUYERS.toLocaleString('en')} no-op POSTs sent the same way, p95`,
      unit: 'ms',
      ours: figures.ours,
      baseline: figures.noop,
      bound: { atMost: 1.5 },
    },
  ];
}

const p95 = ({ times }: Load): number => spread(Object.values(times).flat()).p95;
