import 'reflect-metadata';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config/config.js';
import { keyNames } from '../platform/config/secrets.js';
import { backUp } from '../platform/database/backup/backup.js';
import { runCommand, UsageError, withDatabase } from './command.js';

const USAGE = `Writes the whole database to one file, as of one moment, while Evently runs.

  npm run backup -- FILE
  npm run backup -- FOLDER        a file in it that is named after the time

A file that exists is not overwritten. The file holds personal data: only its owner may read it.
The keys are not in it (npm run backup says which to keep).
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

function fileOf(given: string): string {
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const file = isFolder
    ? join(given, `evently-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}.backup`)
    : given;
  if (existsSync(file)) throw new UsageError(`${file} exists: remove it, or choose another name.`);
  return file;
}

async function run(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  if (positionals.length !== 1) throw new UsageError(USAGE);
  const file = fileOf(positionals[0]!);
  const config = loadConfig(process.env);
  const began = performance.now();
  const rows = await withDatabase(config, ({ database }) =>
    backUp(database.url, file, keyNames(config.tickets.keys), (line) => console.log(line)),
  );
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const megabytes = (statSync(file).size / 2 ** 20).toFixed(1);
  console.log(`\n${rows.toLocaleString('en')} rows, ${megabytes} MB, ${seconds} s: ${file}`);
  const keys = process.env.EVENTLY_TICKET_KEY
    ? 'EVENTLY_TICKET_KEY and EVENTLY_JWT_SECRET'
    : join(config.dataDir, 'secrets.json');
  console.log(
    `Keep ${keys} somewhere safe, too: without the key, tickets sold so far do not verify any more.`,
  );
}

await runCommand(USAGE, run);
