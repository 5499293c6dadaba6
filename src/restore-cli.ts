import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { audit, verifySeals } from './checks.js';
import { explain, UsageError, withServer } from './cli.js';
import { StartupError } from './common/startup-error.js';
import { type Config, loadConfig } from './config/config.js';
import { keyNames } from './config/secrets.js';
import type { BackupHeader } from './database/backup/backup-file.js';
import { build } from './database/backup/restore.js';
import {
  databaseName,
  inDatabase,
  isEmpty,
  onServer,
  refuseWhileUsed,
  takeOver,
} from './database/backup/swap.js';

const USAGE = `Makes the database what a backup says.

  npm run restore -- FILE                     into a database that has nothing in it, or does not exist yet
  npm run restore -- FILE --replace           the database that is there is kept under another name
  npm run restore -- FILE --despite-findings  also when the audit finds something in the restored rows

The file is read whole before anything is done, everything is built and audited beside the database that is there, and only
then takes its name. Evently must be stopped. Clients that watch seat maps load them anew afterwards.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently).`;

const say = (line: string) => console.log(line);

async function restore(
  config: Config & { databaseUrl: string },
  file: string,
  options: Options,
): Promise<void> {
  const name = databaseName(config.databaseUrl);
  const empty = await isEmpty(config.databaseUrl);
  if (!empty && !options.replace)
    throw new StartupError(
      `The database ${name} is not empty: --replace keeps it under another name and puts the backup in its place.`,
    );
  await onServer(config.databaseUrl, async (admin) => {
    await refuseWhileUsed(admin, name);
    const beside = `${name}_restoring`;
    const drop = () => admin.query(`DROP DATABASE IF EXISTS "${beside}" WITH (FORCE)`);
    await drop();
    await admin.query(`CREATE DATABASE "${beside}"`);
    try {
      const databaseUrl = inDatabase(config.databaseUrl, beside);
      const header = await build(databaseUrl, file, say);
      await check({ ...config, databaseUrl }, options);
      const kept = await takeOver(admin, beside, name, !empty);
      say(`\n${name} is as it was at ${header.takenAt}.`);
      if (kept)
        say(
          `What it was before is in the database ${kept}; DROP DATABASE "${kept}" when it is not needed any more.`,
        );
      warnOfKeys(config, header);
    } catch (error) {
      await drop();
      throw error;
    }
  });
}

async function check(config: Config, { despiteFindings }: Options): Promise<void> {
  const violated = (await audit(config)).filter(({ violations }) => violations > 0);
  const { problems, sealed } = await verifySeals(config);
  const findings = [
    ...violated.map(({ invariant, violations, help }) => `${invariant}: ${violations} (${help})`),
    ...problems,
  ];
  if (findings.length > 0 && !despiteFindings)
    throw new StartupError(
      `${findings.join('\n')}\nNothing was changed; --despite-findings restores it as it is.`,
    );
  say(
    findings.length > 0
      ? findings.join('\n')
      : `Audited: all invariants hold, ${sealed} sealed facts are as they were written.`,
  );
}

function warnOfKeys(config: Config, { ticketKeys }: BackupHeader): void {
  const names = keyNames(config.ticketKeys);
  if (!ticketKeys.every((key) => names.includes(key)))
    say(
      'These are not the keys of the backup (EVENTLY_TICKET_KEY, or secrets.json of the data folder): tickets sold before do not verify.',
    );
}

interface Options {
  readonly replace: boolean;
  readonly despiteFindings: boolean;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      replace: { type: 'boolean', default: false },
      'despite-findings': { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1) throw new UsageError(USAGE);
  const options = { replace: values.replace, despiteFindings: values['despite-findings'] };
  await withServer(loadConfig(process.env), (config) => restore(config, positionals[0]!, options));
} catch (error) {
  console.error(explain(error, USAGE));
  process.exitCode = 1;
}
