import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { StartupError } from '../platform/common/startup-error.js';
import { type Config, loadConfig } from '../platform/config/config.js';
import { keyNames } from '../platform/config/secrets.js';
import type { BackupHeader } from '../platform/database/backup/backup-file.js';
import { build } from '../platform/database/backup/restore.js';
import {
  databaseName,
  inDatabase,
  isEmpty,
  onServer,
  refuseWhileUsed,
  takeOver,
} from '../platform/database/backup/swap.js';
import { audit, verifySeals } from './checks.js';
import { runCommand, UsageError, withServer } from './command.js';

const USAGE = `Makes the database what a backup says.

  npm run restore -- FILE                     into a database that has nothing in it, or does not exist yet
  npm run restore -- FILE --replace           the database that is there is kept under another name
  npm run restore -- FILE --despite-findings  also when the audit finds something in the restored rows

The file is read whole before anything is done, everything is built and audited beside the database that is there, and only
then takes its name. Evently must be stopped. Clients that watch seat maps load them anew afterwards.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently).`;

const say = (line: string) => console.log(line);

async function restore(config: Config, file: string, options: Options): Promise<void> {
  const name = databaseName(config.database.url);
  const empty = await isEmpty(config.database.url);
  if (!empty && !options.replace)
    throw new StartupError(
      `The database ${name} is not empty: --replace keeps it under another name and puts the backup in its place.`,
    );
  await onServer(config.database.url, async (admin) => {
    await refuseWhileUsed(admin, name);
    const beside = `${name}_restoring`;
    const drop = () => admin.query(`DROP DATABASE IF EXISTS "${beside}" WITH (FORCE)`);
    await drop();
    await admin.query(`CREATE DATABASE "${beside}"`);
    try {
      const url = inDatabase(config.database.url, beside);
      const header = await build(url, file, say);
      await check({ ...config, database: { ...config.database, url } }, options);
      const kept = await takeOver(admin, beside, name, !empty);
      say(`\n${name} is as it was at ${header.takenAt}.`);
      if (kept)
        say(
          `The previous contents are in the database ${kept}; DROP DATABASE "${kept}" when it is not needed any more.`,
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
  const names = keyNames(config.tickets.keys);
  if (!ticketKeys.every((key) => names.includes(key)))
    say(
      'These are not the keys of the backup (EVENTLY_TICKET_KEY, or secrets.json of the data folder): tickets sold before do not verify.',
    );
}

interface Options {
  readonly replace: boolean;
  readonly despiteFindings: boolean;
}

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      replace: { type: 'boolean', default: false },
      'despite-findings': { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1) throw new UsageError(USAGE);
  const options = { replace: values.replace, despiteFindings: values['despite-findings'] };
  await withServer(loadConfig(process.env), (config) => restore(config, positionals[0]!, options), {
    create: true,
  });
});
