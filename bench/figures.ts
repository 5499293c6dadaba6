import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../test/support/child.js';
import { card } from '../test/support/money.js';
import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import type { Gate, Options, Scenario } from './scenario.js';
import { burst, type Load, openLoop, request } from './sender.js';
import { ms, spread } from './stats.js';
import type { Watch } from './watchers.js';

const USERS = 1_000;
const SOCKETS = 200;
/** Requests a second of all of them together: one of each every four seconds, and a rush at the end. */
const RATE = 250;
const FILTERS = ['', '?sort=price', '?category=sport', '?city=Erfurt', '?available=true', '?limit=50'];
const CHECKOUT = JSON.stringify(card());

/** The four figures that were ordered, of one mixed load: p95, errors, hit rate, 1,000 at once. */
export const figures: Scenario = {
  name: 'figures',
  title: '1,000 users browse, look at seats, hold, pay and watch: p95, errors, hit rate, all at once',
  run,
};

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  let watchers: Child<unknown> | undefined;
  try {
    const hall = await Hall.build(app.url, app.db, 100, 100);
    const events = [await hall.sell(), await hall.sell(), await hall.sell()] as [string, string, string];
    const tokens = await app.tokens(USERS);
    const watch: Watch = { url: app.url, count: SOCKETS, eventId: events[0], exact: true };
    watchers = await startChild(new URL('./watchers.js', import.meta.url), watch);
    const seconds = options.quick ? 5 : 30;
    const user = new Users(events, tokens);
    // The first requests of a process are slower and are not measured.
    await load(app, user, 2, 50);
    const before = await cacheCounts(app);
    const mixed = await load(app, user, seconds, RATE);
    const rush = await burst(app.url, USERS, (index) => user.next(index, index), user.heard);
    const after = await cacheCounts(app);
    await sleep(500);
    const { gaps } = await watchers.ask<{ gaps: number }>('standing');
    return gates(options, mixed, rush, hitRate(before, after), gaps);
  } finally {
    await watchers?.stop();
    await app.stop();
  }
}

const load = (app: AppChild, user: Users, seconds: number, rate: number): Promise<Load> =>
  openLoop(app.url, { connections: USERS, seconds, rate }, user.next, user.heard);

/** Users and their next requests. Nobody asks for a seat that another has. */
class Users {
  private readonly holds: { id: string; token: string }[] = [];
  private readonly holding = new Map<number, string>();
  private seat = 0;

  constructor(
    private readonly events: readonly [string, string, string],
    private readonly tokens: readonly string[],
  ) {}

  readonly next = (index: number, connection: number): string => {
    const kind = index % 20;
    const event = this.events[index % 3]!;
    if (kind < 9) return get(`/events${FILTERS[index % FILTERS.length]}`);
    if (kind < 13) return get(`/events/${event}`);
    if (kind < 17) return get(`/events/${event}/seats`);
    if (kind < 19) {
      const hold = kind === 18 && this.holds.shift();
      if (hold) return post(`/bookings/${hold.id}/checkout`, hold.token, CHECKOUT);
    }
    const token = this.tokens[index % USERS]!;
    this.holding.set(connection, token);
    return holdRequest(`/events/${this.events[0]}/holds`, token, this.seat++);
  };

  readonly heard = ({ status, body }: { status: number; body: Buffer }, _: number, connection: number) => {
    const token = this.holding.get(connection);
    this.holding.delete(connection);
    if (token && status === 201) this.holds.push({ id: idOf(body), token });
  };
}

const get = (path: string): string => request('GET', `/api/v1${path}`, { 'Accept-Encoding': 'br' });
const post = (path: string, token: string, body: string): string =>
  request('POST', `/api/v1${path}`, { Authorization: `Bearer ${token}` }, body);

async function cacheCounts({ url }: AppChild): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts: Record<string, number> = {};
  for (const [, outcome, count] of text.matchAll(
    /^evently_cache_requests_total\{.*outcome="(\w+)"\} (\d+)/gm,
  ))
    counts[outcome!] = (counts[outcome!] ?? 0) + Number(count);
  return counts;
}

function hitRate(before: Record<string, number>, after: Record<string, number>) {
  const counts = Object.fromEntries(
    Object.entries(after).map(([outcome, count]) => [outcome, count - (before[outcome] ?? 0)]),
  );
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { counts, rate: ((counts.process ?? 0) + (counts.redis ?? 0)) / all };
}

const OF_USE = new Set(['200', '201', '202', '304']);
const answered = ({ statuses }: Load) => Object.values(statuses).reduce((sum, count) => sum + count, 0);
const wrong = ({ statuses }: Load) =>
  Object.entries(statuses).reduce((sum, [status, count]) => sum + (OF_USE.has(status) ? 0 : count), 0);

function gates(
  { note }: Options,
  mixed: Load,
  rush: Load,
  { counts, rate }: ReturnType<typeof hitRate>,
  gaps: number,
): Gate[] {
  const times = spread(Object.values(mixed.times).flat());
  const atOnce = spread(Object.values(rush.times).flat());
  note(`mixed load: ${answered(mixed)} answers ${JSON.stringify(mixed.statuses)}, ${RATE} a second wanted`);
  note(`p50 ${ms(times.p50)}, p95 ${ms(times.p95)}, p99 ${ms(times.p99)}, max ${ms(times.max)}`);
  note(`all at once: ${JSON.stringify(rush.statuses)}, p50 ${ms(atOnce.p50)}, max ${ms(atOnce.max)}`);
  note(`cache: ${JSON.stringify(counts)}; ${SOCKETS} sockets watched, ${gaps} gaps in their frames`);
  const gate = (path: string, unit: string, ours: number, bound: Gate['bound']): Gate => ({
    path,
    against: '',
    unit,
    ours: [ours],
    bound,
  });
  return [
    gate(`p95 of the mixed load of ${USERS} users`, 'ms', times.p95, { atMost: 200 }),
    gate(
      'errors, everything but what was asked for',
      '%',
      (100 * (wrong(mixed) + wrong(rush))) / (answered(mixed) + answered(rush)),
      { atMost: 0.1 },
    ),
    gate('hits of the cache, stale answers are none', '%', 100 * rate, { atLeast: 95 }),
    gate('requests sent at once that got what they asked for', 'requests', answered(rush) - wrong(rush), {
      atLeast: USERS,
    }),
  ];
}
