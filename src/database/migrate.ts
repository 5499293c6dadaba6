import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { migrations } from './migrations/index.js';

/** What a database of this release has applied; a newer one may have more. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name);

const MIGRATION_LOCK = 4_860_137;

/**
 * Applies what is missing. Replicas that start together wait for each other on an advisory lock.
 * @param only names of those that may be applied; all of this release when absent
 * @returns names of the migrations applied now
 */
export async function migrate(databaseUrl: string, only?: readonly string[]): Promise<string[]> {
  const source = await new DataSource({
    ...dataSourceOptions(databaseUrl, 2),
    migrations: migrations.filter((Migration) => only?.includes(new Migration().name) ?? true),
  }).initialize();
  const guard = source.createQueryRunner();
  try {
    await guard.query("SET lock_timeout = '120s'");
    await guard.query("SET statement_timeout = '120s'");
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await source.runMigrations();
    return applied.map((migration) => migration.name);
  } finally {
    await guard.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {});
    await guard.release();
    await source.destroy();
  }
}
