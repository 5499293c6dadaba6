import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type Account, accountFor, binariesFor } from '../../src/platform/database/embedded-files.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { makeDataFolder } from './data-folder.js';
import { PASSWORD, PatroniNode } from './patroni-node.js';
import { freePort } from './process.js';
import { tool } from './tools.js';
import { until } from './until.js';

const STAND_INS = ['pg_isready', 'pg_controldata', 'copy_leader'];

/**
 * etcd, HAProxy and two PostgreSQL minded by Patroni, with the files of `deploy/patroni`. The embedded PostgreSQL
 * brings neither pg_basebackup nor pg_rewind, so a replica is made by copying, also where pg_rewind would do.
 */
export class Patroni {
  private readonly processes: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    readonly nodes: readonly [PatroniNode, PatroniNode],
    private readonly proxyPort: number,
  ) {}

  /** One of them is the primary, the other its synchronous standby; a migrated database `evently`. */
  static async start(): Promise<Patroni> {
    const folder = makeDataFolder('patroni');
    const account = accountFor(folder);
    await prepareFiles(folder, account);
    const etcd = `127.0.0.1:${await freePort()}`;
    const node = (name: string) => PatroniNode.prepare(folder, name, etcd, account);
    const patroni = new Patroni(folder, [await node('one'), await node('two')], await freePort());
    try {
      await patroni.startAll(etcd);
    } catch (error) {
      await patroni.stop();
      throw new Error(patroni.nodes.map(({ said }) => said).join('\n'), { cause: error });
    }
    return patroni;
  }

  /** A DATABASE_URL with both hosts. */
  get url(): string {
    return this.urlOf(this.nodes.map(({ address }) => address).join());
  }

  /** A DATABASE_URL through HAProxy. */
  get proxyUrl(): string {
    return this.urlOf(`127.0.0.1:${this.proxyPort}`);
  }

  async primary(): Promise<PatroniNode | undefined> {
    for (const node of this.nodes) if (await node.is('primary')) return node;
    return undefined;
  }

  /** @returns seconds until one is the primary and the other its synchronous standby */
  async whole(): Promise<number> {
    const began = Date.now();
    await until(async () => {
      const [one, two] = this.nodes;
      return (
        ((await one.is('primary')) && (await two.is('sync'))) ||
        ((await two.is('primary')) && (await one.is('sync')))
      );
    }, 120_000);
    return (Date.now() - began) / 1_000;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    for (const child of this.processes)
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startAll(etcd: string): Promise<void> {
    const peer = `http://127.0.0.1:${await freePort()}`;
    this.run('etcd', [
      `--data-dir=${join(this.folder, 'etcd')}`,
      `--listen-client-urls=http://${etcd}`,
      `--advertise-client-urls=http://${etcd}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ]);
    const [one, two] = this.nodes;
    this.run('haproxy', ['-db', '-f', 'deploy/patroni/haproxy.cfg'], {
      POSTGRES_LISTEN: `127.0.0.1:${this.proxyPort}`,
      POSTGRES_1: one.address,
      POSTGRES_2: two.address,
      PATRONI_1: String(one.restPort),
      PATRONI_2: String(two.restPort),
    });
    one.start();
    await until(() => one.is('primary'), 90_000);
    const admin = new pg.Client(`postgres://postgres:${PASSWORD}@${one.address}/postgres`);
    await admin.connect();
    await admin.query(`CREATE ROLE evently LOGIN PASSWORD '${PASSWORD}'`);
    await admin.query('CREATE DATABASE evently OWNER evently');
    await admin.end();
    await migrate(this.urlOf(one.address));
    two.start();
    await this.whole();
  }

  private run(command: string, args: string[], env: Record<string, string> = {}): void {
    const options = { cwd: process.cwd(), env: { PATH: process.env.PATH, ...env } };
    this.processes.push(spawn(tool(command), args, { ...options, stdio: 'ignore' }));
  }

  private urlOf(hosts: string): string {
    return `postgres://evently:${PASSWORD}@${hosts}/evently`;
  }
}

/** Files that an installation has in /etc and /usr/lib, where the servers' account can read them. */
async function prepareFiles(folder: string, account: Account | undefined): Promise<void> {
  const { postgres } = await binariesFor(account);
  const shipped = dirname(postgres);
  for (const name of ['bin', 'config']) mkdirSync(join(folder, name), { mode: 0o755 });
  for (const name of ['postgres', 'initdb', 'pg_ctl'])
    symlinkSync(join(shipped, name), join(folder, 'bin', name));
  for (const name of STAND_INS) copyFileSync(join('drill/patroni', name), join(folder, 'bin', name));
  copyFileSync('deploy/patroni/patroni.yml', join(folder, 'config', '1.yml'));
  const copyLeader = join(folder, 'bin', 'copy_leader');
  writeFileSync(
    join(folder, 'config', '2.yml'),
    `postgresql:\n  create_replica_methods: [copy]\n  copy:\n    command: ${copyLeader}\n`,
  );
}
