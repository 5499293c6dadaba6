import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { onOwnServer } from '../test/support/own-server.js';
import { describeMachine, type Outcome, printGate, toMarkdown } from './report.js';
import { type Options, passes, type Scenario } from './scenario.js';
import { watchStolen } from './stolen.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
});
const quick = values.quick;
const rounds = quick ? 1 : Math.max(1, Number(values.rounds) || 3);

const { ensureTools } = await import(new URL('../../scripts/test-tools.mjs', import.meta.url).href);
process.env.EVENTLY_TEST_TOOLS = JSON.stringify(ensureTools().paths);
process.exitCode = 1;
await onOwnServer('error', async (url) => {
  // Only now: the application's parts read the environment.
  const { SCENARIOS } = await import('./scenarios.js');
  const chosen = SCENARIOS.filter(
    ({ name }) => positionals.length === 0 || positionals.some((filter) => name.includes(filter)),
  );
  if (chosen.length === 0)
    throw new Error(`No such scenario. There are: ${SCENARIOS.map((s) => s.name).join(', ')}`);
  const machine = await describeMachine(url);
  for (const line of machine) console.log(line);
  const outcomes: Outcome[] = [];
  for (const scenario of chosen) outcomes.push(await measure(scenario));
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ').replace(/ --$/, '');
  const report = { command, at: new Date().toISOString().slice(0, 16), machine, outcomes };
  mkdirSync(join('bench', 'results'), { recursive: true });
  const file = join('bench', 'results', report.at.replaceAll(':', '-'));
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${file}.md`, toMarkdown(report));
  const failed = outcomes.filter(({ gates, error }) => error || !gates.every(passes));
  console.log(`\nWritten to ${file}.md and .json`);
  if (failed.length > 0) console.log(`Below the gates: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
});
process.exit();

async function measure({ name, title, run }: Scenario): Promise<Outcome> {
  console.log(`\n${title} (${name})`);
  const notes: string[] = [];
  const options: Options = {
    rounds,
    quick,
    note: (line) => {
      notes.push(line);
      console.log(`        ${line}`);
    },
  };
  const began = performance.now();
  const stolen = watchStolen();
  try {
    const gates = await run(options);
    const share = stolen();
    if (share !== undefined)
      options.note(`the hypervisor gave ${(100 * share).toFixed(1)} % of the processors to others`);
    for (const gate of gates) console.log(printGate(gate));
    return { name, title, seconds: (performance.now() - began) / 1000, gates, notes };
  } catch (error) {
    console.error('  FAIL ', error);
    return {
      name,
      title,
      seconds: (performance.now() - began) / 1000,
      gates: [],
      notes,
      error: String(error),
    };
  }
}
