import { databaseErrorCode, isConnectionError } from './database-errors.js';

/**
 * Fault that an operator must fix before the process can start. The message is one line and says how; no stack is
 * shown.
 */
export class StartupError extends Error {}

const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** system_error and internal_error: files that cannot be read, and what stands in them. */
const DAMAGED = /^(58|XX)/;
const UNDEFINED_TABLE = '42P01';

/**
 * Explains in one line why a start or a command failed.
 * @returns undefined for an unforeseen error, which needs its stack
 */
export function explainFailure(error: unknown): string | undefined {
  const { message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof StartupError) return message;
  const code = databaseErrorCode(error);
  // A damaged table ends the connection as well, but seeing that the server runs would not help.
  if (code && DAMAGED.test(code)) return explainState(code, oneLine(message));
  if (isConnectionError(error))
    return `The database was lost (${oneLine(message || String(code))}): see that it runs, and start again.`;
  if (code && SQLSTATE.test(code)) return explainState(code, oneLine(message));
  if (syscall) return `The operating system refused it: ${oneLine(message)}.`;
  return undefined;
}

function explainState(code: string, message: string): string {
  if (DAMAGED.test(code))
    return `The database is damaged: ${message}. Restore it from a backup (npm run restore).`;
  if (/^53/.test(code)) return `The database has no resources left: ${message}. Make room, and start again.`;
  if (code === '42501')
    return `The user of DATABASE_URL may not do this: ${message}. Grant it, or use the owner of the database.`;
  if (code === UNDEFINED_TABLE)
    return `The database lacks the tables of this release (${message}): start Evently on it once.`;
  return `The database refused what was asked: ${message} (SQLSTATE ${code}).`;
}

const oneLine = (text: string): string => text.split('\n')[0]!.replace(/\.$/, '');
