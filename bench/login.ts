import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../test/support/child.js';
import { type AppChild, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { atRate, limitOf } from './hold-http.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { closedLoop, request, total } from './sender.js';
import { spread } from './stats.js';

const PEOPLE = 16;
const CALLERS = 16;
const STORM = 64;
const PASSWORD = 'correct horse battery staple';

export const login: Scenario = { name: 'login', title: 'Login', run };

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  const bare = await startChild(new URL('./bare-argon2.js', import.meta.url), {});
  try {
    return await compare(app, bare, options);
  } finally {
    await bare.stop();
    await app.stop();
  }
}

async function compare(
  app: AppChild,
  bare: Child<unknown>,
  { rounds, quick, note }: Options,
): Promise<Gate[]> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const tokens = await app.tokens(256);
  const seconds = quick ? 1 : 5;
  const send = (path: string, body: object) =>
    request('POST', `/api/v1/auth/${path}`, {}, JSON.stringify(body));
  const emails = Array.from({ length: PEOPLE }, (_, i) => `person-${i}@example.org`);
  const registered = await closedLoop(app.url, { connections: 4, count: PEOPLE }, (i) =>
    send('register', { email: emails[i]!, password: PASSWORD, name: 'Person' }),
  );
  assertEqual('registered', registered.statuses[201] ?? 0, PEOPLE);
  const logins = emails.map((email) => send('login', { email, password: PASSWORD }));
  const storm = (connections: number, during: number) =>
    closedLoop(app.url, { connections, seconds: during }, (i) => logins[i % PEOPLE]!);

  const rates = await interleave(rounds, {
    ours: async () => {
      const load = await storm(CALLERS, seconds);
      assertEqual('refused logins', total(load.statuses) - (load.statuses[200] ?? 0), 0);
      return load.rate;
    },
    bare: () => bare.ask<number>('loop', seconds),
  });

  const rate = 0.2 * (await limitOf(app, await hall.sell(), tokens, quick ? 1 : 4));
  const p99 = async (eventId: string) => {
    const { load } = await atRate(app, eventId, tokens, rate, seconds);
    assertEqual('acknowledged holds', load.times[201]!.length, Math.round(rate * seconds));
    return spread(load.times[201]!).p99;
  };
  const holds = await interleave(rounds, {
    quiet: async () => p99(await hall.sell()),
    stormy: async () => {
      const eventId = await hall.sell();
      let raging = true;
      const raged = storm(STORM, 2 * seconds).finally(() => {
        raging = false;
      });
      await sleep(500);
      const stormy = await p99(eventId);
      if (!raging) throw new Error('The storm was over before the holds were');
      const { statuses } = await raged;
      assertEqual('refused logins of the storm', total(statuses) - (statuses[200] ?? 0), 0);
      return stormy;
    },
  });
  note(`${Math.round(rate)} holds/s are 20 % of the limit; the storm is ${STORM} callers in a closed loop`);
  return [
    {
      path: `login, ${CALLERS} callers`,
      against: 'the same argon2 verify in a bare loop, as many at once',
      unit: 'logins/s',
      ours: rates.ours,
      baseline: rates.bare,
      bound: { atLeast: 0.9 },
    },
    {
      path: 'hold over HTTP at 20 % of the limit under a storm of logins, p99',
      against: 'the same without the storm',
      unit: 'ms',
      ours: holds.stormy,
      baseline: holds.quiet,
      bound: { atMost: 3 },
    },
  ];
}
