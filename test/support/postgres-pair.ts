import { rmSync } from 'node:fs';
import { migrate } from '../../src/platform/database/migrate.js';
import { makeDataFolder } from './data-folder.js';
import { PostgresNode } from './postgres-node.js';
import { until } from './until.js';

/**
 * A primary and a synchronous standby, and what an operator does with them. `synchronous_commit` is `on`: a commit is
 * acknowledged when both have it on disk. `remote_apply` would make the standby's readers see it too; there are none.
 */
export class PostgresPair {
  private constructor(
    private readonly folder: string,
    /** Takes writes, or is the one that was killed. */
    public primary: PostgresNode,
    public standby: PostgresNode,
  ) {}

  /** Both running, streaming and synchronous, with a migrated database `evently`. */
  static async start(): Promise<PostgresPair> {
    const folder = makeDataFolder('pair');
    const one = await PostgresNode.prepare(folder, 'one');
    const two = await PostgresNode.prepare(folder, 'two');
    const pair = new PostgresPair(folder, one, two);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => void pair.stop().finally(() => process.exit(130)));
    await one.initialise();
    await one.start();
    await one.query('CREATE DATABASE evently');
    await migrate(one.url());
    await pair.rejoin();
    return pair;
  }

  /** A DATABASE_URL with both hosts, always in the same order. */
  get url(): string {
    const [first, second] = [this.primary, this.standby].sort((a, b) => a.name.localeCompare(b.name));
    return first!.url().replace(first!.address, `${first!.address},${second!.address}`);
  }

  /** kill -9 of the primary with all its processes. */
  killPrimary(): Promise<void> {
    return this.primary.stop('SIGKILL');
  }

  /** Makes the standby the primary; it commits alone until the other has joined again. */
  async promote(): Promise<void> {
    [this.primary, this.standby] = [this.standby, this.primary];
    await this.primary.query('SELECT pg_promote(wait => true, wait_seconds => 60)');
    await this.requireStandby(false);
  }

  async failOver(): Promise<void> {
    await this.killPrimary();
    await this.promote();
  }

  /** The one that is no primary begins anew from a copy of the primary; commits wait for it from then on. */
  async rejoin(): Promise<void> {
    await this.standby.stop('SIGKILL');
    await this.standby.copyFrom(this.primary);
    await this.standby.start();
    await this.requireStandby(true);
    await until(async () => {
      const states = await this.primary.query('SELECT sync_state FROM pg_stat_replication');
      return states.some(({ sync_state }) => sync_state === 'sync' || sync_state === 'quorum');
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.primary.stop('SIGKILL'), this.standby.stop('SIGKILL')]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async requireStandby(required: boolean): Promise<void> {
    await this.primary.query(
      `ALTER SYSTEM SET synchronous_standby_names = '${required ? 'ANY 1 (one, two)' : ''}'`,
    );
    await this.primary.query('SELECT pg_reload_conf()');
  }
}
