import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config/config.js';
import type { SealReport } from '../platform/facts/seals.service.js';
import { verifySeals } from './checks.js';
import { runCommand, UsageError, withDatabase } from './command.js';

const USAGE = `Looks for facts that were changed, removed or slipped in after they were sealed.

  npm run audit:verify
  npm run audit:verify -- --head HASH     also that the chain is the one whose head was kept
  npm run audit:verify -- --head FILE     the same, with the hash in a file

The exit code is 1 when anything is found. Nothing is changed. The head that is printed stands for all facts sealed so far:
keep it where whoever can write to the database cannot (the application's log has it, too).
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

/** The hash itself, or the last one in the file of that name. */
function readHead(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  const hash = text.match(/\b[0-9a-f]{64}\b/gi)?.at(-1);
  if (!hash) throw new UsageError(`--head: ${given} is neither a hash nor a file with one.\n\n${USAGE}`);
  return hash.toLowerCase();
}

function print({ problems, sealed, head }: SealReport): void {
  for (const problem of problems) console.log(problem);
  if (head) console.log(`head ${head.hash} (seal ${head.no}, ${sealed} facts)`);
  if (problems.length > 0) {
    console.log('Not as written.');
    process.exitCode = 1;
  } else if (head) console.log(`All ${sealed} sealed facts are as they were written.`);
  else
    console.log(
      'Nothing is sealed, so nothing was verified: facts are sealed once a minute while Evently runs.',
    );
}

await runCommand(USAGE, async () => {
  const { values } = parseArgs({ options: { head: { type: 'string' } } });
  const head = readHead(values.head);
  print(await withDatabase(loadConfig(process.env), (config) => verifySeals(config, head)));
});
