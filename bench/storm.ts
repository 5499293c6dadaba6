import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../test/support/child.js';
import { type AppChild, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { atRate, limitOf } from './hold-http.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { closedLoop, request, total } from './sender.js';
import { affordable, PROCESSES, SOCKETS } from './sockets.js';
import { spread } from './stats.js';

const PEOPLE = 16;
const STORM = 64;
const PASSWORD = 'correct horse battery staple';

/** Everything at once: many anonymous sockets that watch an event, holds of its seats, and a storm of logins. */
export const storm: Scenario = { name: 'storm', title: 'Sockets, holds and a storm of logins at once', run };

interface Standing {
  gaps: number;
  lowest: number;
}

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  const watchers: Child<unknown>[] = [];
  try {
    return await measure(app, watchers, options);
  } finally {
    for (const child of watchers) await child.stop();
    await app.stop();
  }
}

async function measure(
  app: AppChild,
  watchers: Child<unknown>[],
  { rounds, quick, note }: Options,
): Promise<Gate[]> {
  const seconds = quick ? 2 : 8;
  const count = affordable(quick ? 400 : SOCKETS, note);
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const tokens = await app.tokens(256);
  const logins = await register(app.url);
  const limit = await limitOf(app, await hall.sell(), tokens, quick ? 1 : 4);
  const rate = limit * 0.2;
  const watched = await hall.sell();
  for (let i = 0; i < PROCESSES; i++)
    watchers.push(
      await startChild(new URL('./watchers.js', import.meta.url), {
        url: app.url,
        eventId: watched,
        count: count / PROCESSES,
        exact: true,
      }),
    );
  const ask = <T>(command: string) => Promise.all(watchers.map((child) => child.ask<T>(command)));
  const frames = async () => (await ask<number>('frames')).reduce((a, b) => a + b, 0);

  const told: string[] = [];
  const deliveries: number[] = [];
  const loggedIn: number[] = [];
  const p99 = async (eventId: string, known: string[], first: number) => {
    const { load, held } = await atRate(app, eventId, tokens, rate, seconds, { known, first });
    assertEqual('acknowledged holds', held.length, Math.round(rate * seconds));
    return spread(load.times[201]!).p99;
  };
  const figures = await interleave(rounds, {
    quiet: async () => p99(await hall.sell(), [], 0),
    stormy: async () => {
      const raging = closedLoop(
        app.url,
        { connections: STORM, seconds: seconds + 1 },
        (i) => logins[i % PEOPLE]!,
      );
      await sleep(500);
      const [before, began] = [await frames(), performance.now()];
      const stormy = await p99(watched, told, told.length);
      deliveries.push(((await frames()) - before) / ((performance.now() - began) / 1000));
      const { statuses, rate: perSecond } = await raging;
      assertEqual('refused logins of the storm', total(statuses) - (statuses[200] ?? 0), 0);
      loggedIn.push(perSecond);
      return stormy;
    },
  });
  await assertCaughtUp(app, watched, () => ask<Standing>('standing'));
  const list = (values: number[]) => values.map((value) => Math.round(value).toLocaleString('en')).join(', ');
  note(`${count} anonymous sockets watch; ${Math.round(rate)} holds/s are 20 % of the limit`);
  note(`a round each: ${list(deliveries)} deliveries/s, ${list(loggedIn)} logins/s of ${STORM} callers`);
  note('afterwards every socket had the last seq, none had met a gap, and the audit was clean');
  return [
    {
      path: `hold over HTTP at 20 % of the limit, p99, ${count.toLocaleString('en')} sockets watching and a storm of logins`,
      against: 'the same with neither',
      unit: 'ms',
      ours: figures.stormy,
      baseline: figures.quiet,
      bound: { atMost: 3 },
    },
  ];
}

/** @returns requests that log these people in */
async function register(url: string): Promise<string[]> {
  const send = (path: string, body: object) =>
    request('POST', `/api/v1/auth/${path}`, {}, JSON.stringify(body));
  const emails = Array.from({ length: PEOPLE }, (_, i) => `person-${i}@example.org`);
  const { statuses } = await closedLoop(url, { connections: 4, count: PEOPLE }, (i) =>
    send('register', { email: emails[i]!, password: PASSWORD, name: 'Person' }),
  );
  assertEqual('registered', statuses[201] ?? 0, PEOPLE);
  return emails.map((email) => send('login', { email, password: PASSWORD }));
}

/** Nothing lost: within ten seconds every socket has what the database has, without having met a gap. */
async function assertCaughtUp(
  { db }: AppChild,
  eventId: string,
  standing: () => Promise<Standing[]>,
): Promise<void> {
  const { rows } = await db.query('SELECT seq::int FROM inventory WHERE event_id = $1', [eventId]);
  let now = await standing();
  for (let tries = 0; tries < 100 && now.some(({ lowest }) => lowest < rows[0].seq); tries++) {
    await sleep(100);
    now = await standing();
  }
  assertEqual('seq of the last socket', Math.min(...now.map(({ lowest }) => lowest)), rows[0].seq);
  assertEqual(
    'gaps',
    now.reduce((sum, { gaps }) => sum + gaps, 0),
    0,
  );
}
