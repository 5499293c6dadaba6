import { startChild } from '../test/support/child.js';
import { type AppChild, startAppChild } from './app-child.js';
import type { Same } from './bare-fastify.js';
import { Hall } from './hall.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { Connection, closedLoop, request, total } from './sender.js';

const CALLERS = 64;
/** Set by Fastify for both. */
const OWN_HEADERS = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

interface Read {
  readonly name: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly status: number;
  readonly same: Same;
}

export const reads: Scenario = { name: 'reads', title: 'Seat state and events list', run };

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  try {
    return await compare(app, options);
  } finally {
    await app.stop();
  }
}

async function compare(app: AppChild, { rounds, quick }: Options): Promise<Gate[]> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const eventId = await hall.sell();
  for (let i = 0; i < 19; i++) await hall.sell();
  const raw = { Accept: 'application/octet-stream' };
  const packed = { 'Accept-Encoding': 'br, gzip' };
  const state = `/api/v1/events/${eventId}/seats`;
  const list = '/api/v1/events?limit=20';
  const targets = [
    await read(app, 'seat state of 50,000 seats, bytes', state, raw),
    await read(app, 'seat state of 50,000 seats, JSON', state, {}),
    await read(app, 'seat state of 50,000 seats, JSON, compressed', state, packed),
    await read(app, 'events list repeated', list, {}),
    await read(app, 'events list repeated, compressed', list, packed),
  ];
  const known = targets.slice(0, 2).map(
    (target): Read => ({
      ...target,
      name: `${target.name}, 304`,
      status: 304,
      headers: { ...target.headers, 'If-None-Match': target.same.headers.etag! },
    }),
  );
  const gates: Gate[] = [];
  for (const target of [...targets, ...known])
    gates.push(await against(target, app, rounds, quick ? 0.5 : 2.5));
  return gates;
}

async function against(target: Read, app: AppChild, rounds: number, seconds: number): Promise<Gate> {
  const bare = await startChild<{ url: string }>(new URL('./bare-fastify.js', import.meta.url), [
    target.same,
  ]);
  const rate = async (url: string, time = seconds): Promise<number> => {
    const bytes = request('GET', target.path, target.headers);
    const load = await closedLoop(url, { connections: CALLERS, seconds: time }, () => bytes);
    assertEqual(`answers with ${target.status}`, load.statuses[target.status] ?? 0, total(load.statuses));
    return load.rate;
  };
  try {
    await rate(app.url, 0.5);
    await rate(bare.ready.url, 0.5);
    const figures = await interleave(rounds, {
      ours: () => rate(app.url),
      bare: () => rate(bare.ready.url),
    });
    return {
      path: target.name,
      against: 'bare Fastify, the same bytes and headers',
      unit: 'req/s',
      ours: figures.ours,
      baseline: figures.bare,
      bound: { atLeast: 0.6 },
    };
  } finally {
    await bare.stop();
  }
}

/** Asks once and keeps the answer for the baseline. */
async function read(
  app: AppChild,
  name: string,
  path: string,
  headers: Record<string, string>,
): Promise<Read> {
  const connection = await Connection.open(app.url);
  const { status, head, body } = await connection.send(request('GET', path, headers));
  connection.close();
  assertEqual(`status of ${path}`, status, 200);
  const fields = head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])
    .filter(([field]) => !OWN_HEADERS.includes(field!));
  const same = {
    path: path.split('?')[0]!,
    headers: Object.fromEntries(fields),
    body: body.toString('base64'),
  };
  return { name, path, headers, status, same };
}
