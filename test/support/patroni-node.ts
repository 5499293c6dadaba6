import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../src/platform/database/embedded-files.js';
import { childrenOf } from './postgres-node.js';
import { freePort } from './process.js';
import { tool } from './tools.js';

export const PASSWORD = 'of-a-drill';

/** One PostgreSQL server with the Patroni that minds it. */
export class PatroniNode {
  private patroni: ChildProcess | undefined;
  private log = '';

  private constructor(
    readonly name: string,
    readonly port: number,
    readonly restPort: number,
    private readonly folder: string,
    private readonly etcd: string,
    private readonly account: Account | undefined,
  ) {}

  /** @param parent has the folders `config` and `bin` */
  static async prepare(
    parent: string,
    name: string,
    etcd: string,
    account: Account | undefined,
  ): Promise<PatroniNode> {
    const folder = join(parent, name);
    mkdirSync(folder, { mode: 0o700 });
    if (account) chownSync(folder, account.uid, account.gid);
    return new PatroniNode(name, await freePort(), await freePort(), folder, etcd, account);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** As a supervisor does after a crash. */
  start(): void {
    const { folder, account, address, restPort } = this;
    this.patroni = spawn(tool('patroni'), [join(folder, '..', 'config')], {
      ...account,
      cwd: '/',
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        PATRONI_NAME: this.name,
        PATRONI_ETCD3_HOSTS: this.etcd,
        PATRONI_RESTAPI_LISTEN: `127.0.0.1:${restPort}`,
        PATRONI_RESTAPI_CONNECT_ADDRESS: `127.0.0.1:${restPort}`,
        PATRONI_POSTGRESQL_LISTEN: address,
        PATRONI_POSTGRESQL_CONNECT_ADDRESS: address,
        PATRONI_POSTGRESQL_DATA_DIR: join(folder, 'data'),
        PATRONI_POSTGRESQL_BIN_DIR: join(folder, '..', 'bin'),
        PATRONI_POSTGRESQL_PGPASS: join(folder, 'pgpass'),
        PATRONI_SUPERUSER_USERNAME: 'postgres',
        PATRONI_SUPERUSER_PASSWORD: PASSWORD,
        PATRONI_REPLICATION_USERNAME: 'replicator',
        PATRONI_REPLICATION_PASSWORD: PASSWORD,
        // Patroni keeps its own variables from the programs that it starts.
        COPY_USER: 'postgres',
        COPY_PASSWORD: PASSWORD,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.patroni.stdout, this.patroni.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.log = (this.log + text).slice(-20_000);
      });
  }

  /** Last output of Patroni, to explain a failure. */
  get said(): string {
    return `${this.name}:\n${this.log}`;
  }

  /** Whether Patroni says that it is `primary`, `sync` standby or `replica`. */
  async is(role: 'primary' | 'sync' | 'replica'): Promise<boolean> {
    const asked = fetch(`http://127.0.0.1:${this.restPort}/${role}`, { signal: AbortSignal.timeout(2_000) });
    return asked.then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** kill -9 of Patroni, PostgreSQL and every process of it. */
  async kill(): Promise<void> {
    const { patroni } = this;
    if (!patroni?.pid || patroni.exitCode !== null || patroni.signalCode !== null) return;
    const ended = once(patroni, 'exit');
    const postmaster = this.postmaster();
    const postgres = postmaster ? [postmaster, ...childrenOf(postmaster)] : [];
    for (const pid of [patroni.pid, ...postgres, ...childrenOf(patroni.pid)])
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in between.
      }
    await ended;
  }

  private postmaster(): number | undefined {
    try {
      return Number(readFileSync(join(this.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return undefined;
    }
  }
}
