import { translateDatabaseError } from './common/database-errors.js';
import { DomainError } from './common/domain-error.js';
import { StartupError } from './common/startup-error.js';
import { type Config, ConfigError } from './config/config.js';
import { checkDatabase } from './database/check.js';
import { startEmbedded } from './database/embedded-server.js';

/** The arguments of a command are wrong; the message says how it is used. */
export class UsageError extends Error {}

/**
 * Runs `work` on the database of DATABASE_URL, else on the embedded one of the data folder. A server that runs there is
 * used and left running; otherwise one is started for the while.
 */
export const withDatabase = <T>(
  config: Config,
  work: (config: Config & { databaseUrl: string }) => Promise<T>,
): Promise<T> =>
  withServer(config, async (found) => {
    await checkDatabase(found.databaseUrl);
    return work(found);
  });

/** The same without a look at the database, which need not exist. */
export async function withServer<T>(
  config: Config,
  work: (config: Config & { databaseUrl: string }) => Promise<T>,
): Promise<T> {
  const server = config.databaseUrl ? undefined : await startEmbedded(config.dataDir, { share: true });
  try {
    const databaseUrl = config.databaseUrl ?? server?.url ?? '';
    return await work({ ...config, databaseUrl });
  } finally {
    await server?.stop();
  }
}

/** What went wrong, for a person at a terminal; anything unforeseen keeps its stack. */
export function explain(error: unknown, usage: string): string {
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof StartupError)
    return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${usage}`;
  const broken = error instanceof DomainError ? error : translateDatabaseError(error);
  if (!broken) return stack ?? String(error);
  const reasons = broken.details.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
  return [broken.message, ...reasons].join('\n');
}
