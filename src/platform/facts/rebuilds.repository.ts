import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { StartupError } from '../common/startup-error.js';
import { LOCKS } from '../database/advisory-locks.js';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';

/**
 * A connection on which the names of some tables mean empty copies of them, which nobody else sees. A statement may
 * take a minute there.
 */
export interface Beside extends Pick<DatabaseService, 'statement'> {
  /** Another connection as patient, to read ahead on. */
  readonly apart: Pick<DatabaseService, 'statement'>;
  /** Runs `work` in one transaction of this connection. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

@Injectable()
export class RebuildsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Lets `work` write beside the tables. Errors: StartupError when another rebuild is under way. */
  async beside<T>(tables: readonly string[], work: (beside: Beside) => Promise<T>): Promise<T> {
    const runner = this.database.source.createQueryRunner();
    try {
      await runner.connect();
      const [{ won }] = await runner.query('SELECT pg_try_advisory_lock($1) AS won', [LOCKS.rebuild]);
      if (!won) throw new StartupError('A rebuild is under way.');
      // Temporary tables come before all others of their name.
      for (const table of tables)
        await runner.query(`CREATE TEMP TABLE ${table} (LIKE public.${table} INCLUDING ALL)`);
      return await work({
        statement: (_name, text, values) => runner.query(text, values),
        transaction: (unit) => inTransaction(runner, unit),
        apart: { statement: (_name, text, values) => this.database.source.query(text, values) },
      });
    } finally {
      // Back in the pool the connection must know nothing of this.
      await runner.query('DISCARD TEMP').catch(() => {});
      await runner.query('SELECT pg_advisory_unlock_all()').catch(() => {});
      await runner.release();
    }
  }

  /** Puts the copies in place of what the tables have; readers see the one or the other. */
  async replace(tx: Tx, tables: readonly string[]): Promise<void> {
    for (const table of tables) {
      await tx.query(`DELETE FROM public.${table}`);
      await tx.query(`INSERT INTO public.${table} SELECT * FROM pg_temp.${table}`);
    }
  }
}

async function inTransaction<T>(runner: QueryRunner, work: (tx: Tx) => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work(runner.manager as Tx);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => {});
    throw error;
  }
}
