import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { Finding } from '../operations/invariants/invariants.service.js';
import { loadConfig } from '../platform/config/config.js';
import { audit } from './checks.js';
import { runCommand, withDatabase } from './command.js';

const USAGE = `Looks for what may never happen, in one snapshot of the database: also while a sale goes on.

  npm run audit

The exit code is 1 when anything is violated. Nothing is changed.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

function print(findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ invariant }) => invariant.length));
  const line = (name: string, count: string, help: string) =>
    console.log(`${name.padEnd(width)}  ${count.padStart(10)}  ${help}`);
  line('invariant', 'violations', 'what is looked for');
  for (const { invariant, violations, help, examples } of findings) {
    line(invariant, String(violations), help);
    for (const example of examples) line('', '', `- ${example}`);
  }
  const violated = findings.filter(({ violations }) => violations > 0).length;
  console.log(
    violated === 0
      ? `\nAll ${findings.length} invariants hold.`
      : `\n${violated} of ${findings.length} invariants are violated.`,
  );
  if (violated > 0) process.exitCode = 1;
}

await runCommand(USAGE, async () => {
  parseArgs({ options: {} });
  print(await withDatabase(loadConfig(process.env), audit));
});
