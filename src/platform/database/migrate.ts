import { DataSource, type MigrationInterface } from 'typeorm';
import { LOCKS } from './advisory-locks.js';
import { dataSourceOptions } from './data-source.js';
import { migrations } from './migrations/index.js';
import { oneAtATime } from './one-at-a-time.js';

/** Names of the migrations that a database of this release has applied; a newer one may have more. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name);

/**
 * Applies what is missing. Replicas that start together wait for each other.
 * `release`: migrations of a release, this one's unless given. `say` hears when another replica migrates just now.
 * @returns names of the migrations applied now
 */
export async function migrate(
  databaseUrl: string,
  {
    release = migrations,
    say,
  }: { release?: readonly (new () => MigrationInterface)[]; say?: (line: string) => void } = {},
): Promise<string[]> {
  const turn = { lock: LOCKS.migrations, does: 'migrates the database', say };
  return oneAtATime(databaseUrl, turn, async () => {
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
