import 'reflect-metadata';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain, UsageError, withDatabase } from './cli.js';
import { loadConfig } from './config/config.js';
import { keyNames } from './config/secrets.js';
import { backUp } from './database/backup/backup.js';

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
  const rows = await withDatabase(config, ({ databaseUrl }) =>
    backUp(databaseUrl, file, keyNames(config.ticketKeys), (line) => console.log(line)),
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

try {
  await run();
} catch (error) {
  console.error(explain(error, USAGE));
  process.exitCode = 1;
}
