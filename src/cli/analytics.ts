import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config/config.js';
import type { RebuildProgress } from '../platform/facts/rebuilds.service.js';
import { rebuildRollups } from './checks.js';
import { runCommand, withDatabase } from './command.js';

const USAGE = `Makes the numbers of the analytics anew from all facts, also while a sale goes on.

  npm run analytics:rebuild

Until it is done the old numbers are shown, then the new ones. It is needed only where facts were counted wrong.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

const number = (value: number): string => value.toLocaleString('en');

/** A line every other second. */
function printer(): (progress: RebuildProgress) => void {
  let next = 0;
  return ({ done, of }) => {
    if (Date.now() < next) return;
    next = Date.now() + 2_000;
    console.log(`${number(done)} of ${number(of)} facts`);
  };
}

await runCommand(USAGE, async () => {
  parseArgs({ options: {} });
  const facts = await withDatabase(loadConfig(process.env), (config) => rebuildRollups(config, printer()));
  console.log(`The analytics are made anew from ${number(facts)} facts.`);
});
