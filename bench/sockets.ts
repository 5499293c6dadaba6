import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../test/support/child.js';
import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { highest, residentMemory, watchMemory } from './memory.js';
import { type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { openLoop } from './sender.js';
import type { Watch } from './watchers.js';

export const SOCKETS = 5_000;
export const PROCESSES = 5;
const CHANGES_PER_SECOND = 200;
/** The usual 50 ms would cap the frames; how fast they go out is what is compared. */
const TICK_MS = 1;

export const sockets: Scenario = { name: 'sockets', title: 'Seat changes to many sockets', run };

interface Side {
  readonly watchers: Child<unknown>[];
  /** MB for each socket. */
  readonly memory: number;
}

type Server = Pick<AppChild, 'pid' | 'collect'>;

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild({ live: { tickMs: TICK_MS } });
  const bare = await startChild<{ url: string }>(new URL('./bare-ws.js', import.meta.url), {});
  const started: Child<unknown>[] = [];
  try {
    return await compare(app, bare, started, options);
  } finally {
    for (const child of started) await child.stop();
    await bare.stop();
    await app.stop();
  }
}

async function compare(
  app: AppChild,
  bare: Child<{ url: string }>,
  started: Child<unknown>[],
  { rounds, quick, note }: Options,
): Promise<Gate[]> {
  const seconds = quick ? 2 : 8;
  const count = affordable(quick ? 400 : SOCKETS, note);
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const eventId = await hall.sell();
  const [token] = (await app.tokens(1)) as [string];

  async function connectAll({ pid, collect }: Server, watch: Omit<Watch, 'count'>): Promise<Side> {
    const watchers: Child<unknown>[] = [];
    const resident: number[] = [];
    for (let i = 0; i < PROCESSES; i++) {
      const child = await startChild(new URL('./watchers.js', import.meta.url), {
        ...watch,
        count: count / PROCESSES,
      });
      started.push(child);
      watchers.push(child);
      await sleep(2_000);
      await collect();
      resident.push(residentMemory(pid));
    }
    // From the first process on, so that loading the event is not charged to its watchers.
    const grown = resident.at(-1)! - resident[0]!;
    return { watchers, memory: grown / (count - count / PROCESSES) };
  }
  const ours = await connectAll(app, { url: app.url, eventId });
  const others = await connectAll(
    { pid: bare.pid, collect: () => bare.ask('collect') },
    { url: bare.ready.url },
  );

  let seat = 0;
  const held: string[] = [];
  const change = (forSeconds: number) =>
    openLoop(
      app.url,
      { connections: 8, seconds: forSeconds, rate: CHANGES_PER_SECOND },
      () => holdRequest(`/events/${eventId}/holds`, token, seat++),
      ({ status, body }) => status === 201 && held.push(idOf(body)),
    );
  await change(1);
  const frame = await ours.watchers[0]!.ask<string>('last');
  const stop = watchMemory(app.pid);
  const figures = await interleave(rounds, {
    ours: () => deliveries(ours, change(seconds)),
    bare: () => deliveries(others, bare.ask('broadcast', { frame, seconds })),
  });
  note(
    `resident memory of the application while more frames are due than can be sent: at most ${Math.round(highest(stop()))} MB`,
  );
  await app.audit(eventId, held);
  note(
    `${count} sockets in ${PROCESSES} processes, ${CHANGES_PER_SECOND} holds/s, tick ${TICK_MS} ms; a frame has ${frame.length} bytes`,
  );
  return [
    {
      path: `seat change to ${count.toLocaleString('en')} sockets`,
      against: 'bare ws sending that frame pre-built to as many',
      unit: 'deliveries/s',
      ours: figures.ours,
      baseline: figures.bare,
      bound: { atLeast: 0.6 },
    },
    {
      path: 'resident memory for each socket, garbage collected',
      against: 'bare ws',
      unit: 'KB',
      ours: [ours.memory * 1024],
      baseline: [others.memory * 1024],
      bound: { atMost: 3 },
    },
  ];
}

/** Frames that arrived a second while the work went on. */
async function deliveries({ watchers }: Side, work: Promise<unknown>): Promise<number> {
  const total = async () =>
    (await Promise.all(watchers.map((child) => child.ask<number>('frames')))).reduce((a, b) => a + b, 0);
  const [before, began] = [await total(), performance.now()];
  await work;
  return ((await total()) - before) / ((performance.now() - began) / 1000);
}

/** Every socket is a file on both sides. */
export function affordable(wanted: number, note: Options['note']): number {
  const files = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024);
  const count = Math.min(wanted, Math.floor((files - 500) / PROCESSES) * PROCESSES);
  if (count < wanted)
    note(`REDUCED to ${count} sockets: a process may open ${files} files only (ulimit -n).`);
  return count;
}
