import { parseArgs } from 'node:util';
import { onOwnServer } from '../test/support/own-server.js';
import { FAULTS } from './faults.js';
import { STORIES } from './stories.js';

const PARTS = ['sagas', 'races', 'broker', 'network', 'rounds', 'failover', 'starts', 'fuzz'] as const;
const USAGE = `Breaks things while people buy, and looks for what may never happen.

  npm run drill                                  everything but the starts
  npm run drill -- cancellation --fault kill     some stories of the sagas, some of their faults
  npm run drill -- races --count 300             two requests about one ticket at the same moment, 300 times each pair
  npm run drill -- broker                        1,000 bookings while RabbitMQ is away for a minute
  npm run drill -- network --only Redis          the network to the engines, some of its faults
  npm run drill -- rounds --count 50 --only kill rounds of kill -9 and SIGSTOP, some of the victims
  npm run drill -- failover                      two kills of the primary with Patroni, etcd and HAProxy
  npm run drill -- starts --count 20 --only api  20 starts of each combination people use, some of them
  npm run drill -- fuzz --count 20000 --seed 7   hostile requests to every route as everybody; a seed repeats a run

Parts: ${PARTS.join(', ')}. Stories: ${STORIES.map(({ name }) => name).join('; ')}.
Faults of the sagas: ${FAULTS.join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    fault: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    count: { type: 'string' },
    seed: { type: 'string' },
  },
});
const isPart = (word: string): boolean => PARTS.some((part) => part === word);
const has = (part: (typeof PARTS)[number]) => positionals.length === 0 || positionals.includes(part);
const filters = positionals.filter((word) => !isPart(word));
const faults = FAULTS.filter((name) => !values.fault || values.fault.includes(name));
const stories = STORIES.filter(({ name }) => has('sagas') || filters.some((filter) => name.includes(filter)));
const wanted = (name: string) => !values.only || values.only.some((only) => name.includes(only));
const count = Number(values.count ?? 50);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
if (
  faults.length === 0 ||
  !(count > 0) ||
  !Number.isInteger(seed) ||
  (filters.length > 0 && stories.length === 0)
) {
  console.error(USAGE);
  process.exit(1);
}

const { ensureTools } = await import(new URL('../../scripts/test-tools.mjs', import.meta.url).href);
process.env.EVENTLY_TEST_TOOLS = JSON.stringify(ensureTools({ drills: true }).paths);
const say = (line: string) => console.log(line);

let failed = 0;
await onOwnServer('silent', async () => {
  if (stories.length > 0) {
    const { runSagas } = await import('./sagas.js');
    failed += await runSagas(stories, faults, say);
  }
  if (has('races')) {
    const { runRaces } = await import('./races.js');
    say('\nracing for the same ticket');
    failed += await runRaces(count, wanted, say);
  }
  if (has('broker')) {
    const { brokerAway } = await import('./broker.js');
    const line = await brokerAway().catch((error) => {
      failed++;
      return `failed      ${error}`;
    });
    say(`\nbroker away for a minute\n  ${line}`);
  }
  if (has('failover')) {
    const { runFailover } = await import('./failover.js');
    say('\nstarting etcd, two PostgreSQL with Patroni, HAProxy and two replicas');
    failed += await runFailover(say);
  }
  if (positionals.includes('starts')) {
    const { runStarts } = await import('./starts.js');
    failed += await runStarts(count, wanted, say);
  }
  if (has('fuzz')) {
    const { runFuzz } = await import('./fuzz.js');
    failed += await runFuzz(Number(values.count ?? 20_000), seed, say);
  }
  if (!has('network') && !has('rounds')) return;
  const { Stand } = await import('./stand.js');
  const { runNetwork } = await import('./network.js');
  const { runRounds } = await import('./rounds.js');
  say('\nstarting two PostgreSQL, Redis, RabbitMQ and three replicas');
  const stand = await Stand.start();
  try {
    if (has('network')) failed += await runNetwork(stand, wanted, say);
    if (has('rounds')) failed += await runRounds(stand, count, wanted, say);
  } finally {
    await stand.close();
  }
});
say(failed === 0 ? '\nMoney, tickets, seats and facts agree after every fault' : `\n${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
