import { translateDatabaseError, violatedConstraint } from '../platform/common/database-errors.js';
import { DomainError } from '../platform/common/domain-error.js';
import { traceSources } from '../platform/common/stack-traces.js';
import { explainFailure } from '../platform/common/startup-error.js';
import { type Config, ConfigError, type Settings, withDatabaseAt } from '../platform/config/config.js';
import { checkDatabase } from '../platform/database/check.js';
import { startEmbedded } from '../platform/database/embedded-server.js';

/** The arguments of a command are wrong; the message says how it is used. */
export class UsageError extends Error {}

/**
 * Runs a command line tool: `--help` prints how it is used; what goes wrong is told without a stack, and ends with code
 * 1.
 */
export async function runCommand(usage: string, work: () => Promise<void>): Promise<void> {
  traceSources();
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    return;
  }
  try {
    await work();
  } catch (error) {
    console.error(explain(error, usage));
    process.exitCode = 1;
  }
}

/**
 * Runs `work` on the database of DATABASE_URL, else on the embedded one of the data folder. A server that runs there is
 * used and left running; otherwise one is started for the while.
 * `create`: whether a data folder without a database gets one.
 */
export const withDatabase = <T>(
  settings: Settings,
  work: (config: Config) => Promise<T>,
  { create = false } = {},
): Promise<T> =>
  withServer(
    settings,
    async (config) => {
      await checkDatabase(config.database.url, nameOf(config));
      return work(config);
    },
    { create },
  );

/** Like `withDatabase`, without a check of the database, which need not exist. */
export async function withServer<T>(
  settings: Settings,
  work: (config: Config) => Promise<T>,
  { create = false } = {},
): Promise<T> {
  const { url } = settings.database;
  if (url !== undefined) return work(withDatabaseAt(url, settings));
  const server = await startEmbedded(settings.dataDir, { share: true, create });
  try {
    return await work(withDatabaseAt(server.url, settings));
  } finally {
    await server.stop();
  }
}

/** Name of the database as a person writes it. */
export const nameOf = ({ database, dataDir }: Config): string =>
  database.embedded ? `The database of ${dataDir}` : 'DATABASE_URL';

/** Explains a failure to a person at a terminal; an unforeseen error keeps its stack. */
function explain(error: unknown, usage: string): string {
  if (error instanceof UsageError || error instanceof ConfigError) return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${usage}`;
  const broken = violatedConstraint(error) ? translateDatabaseError(error) : error;
  if (broken instanceof DomainError) {
    const reasons = broken.details.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
    return [broken.message, ...reasons].join('\n');
  }
  return explainFailure(error) ?? stack ?? String(error);
}
