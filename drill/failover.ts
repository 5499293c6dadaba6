import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { openSale, plainHall, type Sale } from '../test/support/halls.js';
import { Patroni } from '../test/support/patroni.js';
import { Replica } from '../test/support/replica.js';
import { until } from '../test/support/until.js';
import { Heard } from './asker.js';
import { Buyers, FLOOR } from './buyers.js';
import { Ledger } from './ledger.js';
import { untruths } from './truth.js';

const KILLS = 2;
const BUYERS_OF_EACH = 8;
const BEFORE_MS = 10_000;
const AFTER_MS = 10_000;
/** Until a supervisor starts Patroni again, which is longer than the lease: before, it would be primary again itself. */
const AWAY_MS = 25_000;
const ROWS = 40;
const WIDTH = 40;

/** The two ways to the primary, each with a replica of its own. */
interface Way {
  readonly name: string;
  readonly replica: Replica;
}

/** People buy while the primary and its Patroni are killed, twice. @returns how many things are wrong */
export async function runFailover(say: (line: string) => void): Promise<number> {
  const patroni = await Patroni.start();
  const control = await startApp({ role: 'api', database: { url: patroni.url } }).catch(async (error) => {
    await patroni.stop();
    throw error;
  });
  const ways: Way[] = [];
  const agent = new Agent({ connections: 64, headersTimeout: 15_000, bodyTimeout: 15_000 });
  try {
    for (const [name, DATABASE_URL] of [
      ['both hosts', patroni.url],
      ['HAProxy', patroni.proxyUrl],
    ] as const) {
      const env = { DATABASE_URL, EVENTLY_SWEEPER: 'on', EVENTLY_PAYMENT_TIMEOUT_MS: '1000' };
      ways.push({ name, replica: await Replica.start(control, env) });
    }
    return await killTwice(patroni, control, ways, agent, say);
  } finally {
    await agent.destroy();
    await Promise.all(ways.map(({ replica }) => replica.process.end('SIGKILL')));
    await control.close();
    await patroni.stop();
  }
}

async function killTwice(
  patroni: Patroni,
  control: TestApp,
  ways: readonly Way[],
  agent: Agent,
  say: (line: string) => void,
): Promise<number> {
  const ledger = new Ledger();
  const small = await openSale(control, plainHall(2, 4));
  let failed = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const sale = await openSale(control, plainHall(ROWS, WIDTH, [{ name: FLOOR, capacity: 400 }]));
    const crowds = await Promise.all(
      ways.map(({ replica }) => crowd(control, replica, { ledger, sale, small, agent })),
    );
    await sleep(BEFORE_MS);
    const times = await killPrimary(patroni);
    await sleep(AFTER_MS);
    await Promise.all(crowds.map(({ buyers }) => buyers.stop()));
    const wrong = [...crowds.flatMap(({ heard }) => heard.wrong), ...(await untrue(control, ledger))];
    failed += wrong.length;
    say(
      `  ${wrong.length > 0 ? 'failed' : 'ok'}  kill ${kill}: promoted after ${times.promoted} s, whole again ${times.whole} s after Patroni was started again`,
    );
    for (const [i, { heard }] of crowds.entries()) {
      const first = heard.done.find(({ at, ms }) => at - ms > times.killedAt);
      const seconds = first ? ((first.at - times.killedAt) / 1_000).toFixed(1) : 'never';
      say(`      ${ways[i]!.name}: first new request that took effect ${seconds} s after the kill`);
      say(`      heard ${JSON.stringify(heard.answers)}`);
    }
    for (const line of wrong) say(`      WRONG ${line}`);
  }
  say(`  acknowledged ${JSON.stringify(ledger.counts)}`);
  return failed;
}

async function crowd(
  control: TestApp,
  replica: Replica,
  town: { ledger: Ledger; sale: Sale; small: Sale; agent: Agent },
) {
  const heard = new Heard();
  const people = await control.people(BUYERS_OF_EACH);
  const seats = ROWS * WIDTH;
  return { heard, buyers: new Buyers({ ...town, origins: [replica.url], people, heard, seats }) };
}

async function killPrimary(patroni: Patroni) {
  const victim = await patroni.primary();
  if (!victim) throw new Error('There is no primary');
  const other = patroni.nodes.find((node) => node !== victim)!;
  const killedAt = Date.now();
  await victim.kill();
  await until(() => other.is('primary'), 90_000).catch((error) => {
    throw new Error(other.said, { cause: error });
  });
  const promoted = ((Date.now() - killedAt) / 1_000).toFixed(1);
  await sleep(Math.max(0, killedAt + AWAY_MS - Date.now()));
  victim.start();
  const whole = await patroni.whole().catch((error) => {
    throw new Error(patroni.nodes.map(({ said }) => said).join('\n'), { cause: error });
  });
  return { killedAt, promoted, whole: whole.toFixed(1) };
}

/** When every saga has come to its end: what was told against what is there, and the audit. */
async function untrue(control: TestApp, ledger: Ledger): Promise<string[]> {
  await until(async () => {
    const { rows } = await control.db.query('SELECT FROM saga WHERE due_at IS NOT NULL');
    return rows.length === 0;
  }, 60_000);
  const found = await untruths(control.db, ledger);
  for (const { invariant, violations, examples } of await control.nest.get(InvariantsService).run())
    if (violations > 0) found.push(`audit: ${invariant} ${violations} (${examples})`);
  return found;
}
