import { Endpoint } from '../test/support/endpoint.js';
import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { countCost } from './processor.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { closedLoop } from './sender.js';
import { median } from './stats.js';

const CALLERS = 256;
const SAMPLED = 0.01;
const METRICS = { readers: 'anybody', token: undefined } as const;

export const observability: Scenario = { name: 'observability', title: 'Cost of metrics and traces', run };

/** Holds over HTTP in three processes of the same build, in turns: nothing on, metrics on, metrics and traces on. */
async function run(options: Options): Promise<Gate[]> {
  const collector = await Endpoint.start();
  const tracing = { endpoint: collector.url(''), share: SAMPLED, service: 'evently-bench' };
  const apps: AppChild[] = [];
  try {
    apps.push(await startAppChild({ metrics: undefined, tracing: undefined }));
    apps.push(await startAppChild({ metrics: METRICS, tracing: undefined }));
    apps.push(await startAppChild({ metrics: METRICS, tracing }));
    const gates = await compare(apps as [AppChild, AppChild, AppChild], options);
    options.note(`${collector.messages.length} exports of spans`);
    if (collector.messages.length === 0) throw new Error('No span was exported: nothing was measured');
    return gates;
  } finally {
    for (const app of apps) await app.stop();
    collector.close();
  }
}

async function compare(
  [bare, metered, traced]: [AppChild, AppChild, AppChild],
  { rounds, quick, note }: Options,
): Promise<Gate[]> {
  const seconds = quick ? 1 : 3;
  const costs: Record<'bare' | 'metered' | 'traced', number[]> = { bare: [], metered: [], traced: [] };
  const sides = {
    bare: await seller(bare, costs.bare),
    metered: await seller(metered, costs.metered),
    traced: await seller(traced, costs.traced),
  };
  // The first requests of a process are slower and are not compared.
  for (const sell of Object.values(sides)) await sell(1);
  for (const cost of Object.values(costs)) cost.length = 0;
  const figures = await interleave(quick ? rounds : rounds * 3, {
    bare: () => sides.bare(seconds),
    metered: () => sides.metered(seconds),
    traced: () => sides.traced(seconds),
  });
  note(
    `${figures.bare.length} rounds of ${seconds} s each; metrics are scraped once a second where they are on`,
  );
  const each = (side: keyof typeof costs) => median(costs[side]).toFixed(1);
  note(
    `our process for a hold, median: ${each('bare')} µs with nothing, ${each('metered')} with metrics, ${each('traced')} with both`,
  );
  const gate = (
    path: string,
    against: string,
    ours: number[],
    baseline: number[],
    atLeast: number,
  ): Gate => ({
    path,
    against,
    unit: 'holds/s',
    ours,
    baseline,
    bound: { atLeast },
  });
  return [
    gate('hold over HTTP with metrics', 'the same without', figures.metered, figures.bare, 0.97),
    gate('hold over HTTP with traces of 1 %', 'the same without', figures.traced, figures.metered, 0.95),
  ];
}

async function seller(app: AppChild, costs: number[]): Promise<(seconds: number) => Promise<number>> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const tokens = await app.tokens(CALLERS);
  return async (seconds) => {
    const eventId = await hall.sell();
    await app.db.query('CHECKPOINT');
    const scraper = setInterval(
      () =>
        void fetch(`${app.url}/metrics`).then(
          (answer) => answer.text(),
          () => {},
        ),
      1_000,
    );
    const held: string[] = [];
    const count = countCost(app.pid);
    try {
      const load = await closedLoop(
        app.url,
        { connections: CALLERS, seconds, count: 50_000 },
        (n, own) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, n),
        ({ status, body }) => status === 201 && held.push(idOf(body)),
      );
      assertEqual('holds that were not acknowledged', Object.keys(load.statuses).length, 1);
      costs.push(count(held.length).process);
      await app.audit(eventId, held);
      return load.rate;
    } finally {
      clearInterval(scraper);
    }
  };
}
