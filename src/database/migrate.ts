import { DataSource, type MigrationInterface } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { migrations } from './migrations/index.js';
import { oneAtATime } from './one-at-a-time.js';

/** What a database of this release has applied; a newer one may have more. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name);

const MIGRATION_LOCK = 4_860_137;

/**
 * Applies what is missing. Replicas that start together wait for each other.
 * @param release migrations of a release: this one's unless given
 * @returns names of the migrations applied now
 */
export async function migrate(
  databaseUrl: string,
  release: readonly (new () => MigrationInterface)[] = migrations,
): Promise<string[]> {
  return oneAtATime(databaseUrl, MIGRATION_LOCK, async () => {
    const options = { ...dataSourceOptions(databaseUrl, 2), migrations: [...release] };
    const source = await new DataSource(options).initialize();
    try {
      const applied = await source.runMigrations();
      return applied.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  });
}
