import pg from 'pg';
import { correlationId } from '../../src/platform/common/request-context.js';

export interface Statement {
  /** Correlation id of the request or job that asked. */
  readonly by: string | null;
  /** Its text where it has no name. */
  readonly name: string;
}

/** Records the statements that this process sends to PostgreSQL from here on. */
export function recordStatements(): { readonly asked: Statement[]; stop(): void } {
  const asked: Statement[] = [];
  const restore = [pg.Pool.prototype, pg.Client.prototype].map((prototype) => {
    const { query } = prototype;
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const [first] = args as [string | { name?: string; text?: string }];
      const name = typeof first === 'string' ? first : (first.name ?? first.text ?? '');
      asked.push({ by: correlationId(), name });
      return (query as (...all: unknown[]) => unknown).apply(this, args);
    } as typeof query;
    return () => {
      prototype.query = query;
    };
  });
  return { asked, stop: () => restore.forEach((undo) => void undo()) };
}
