import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type Account,
  accountFor,
  type Binaries,
  binariesFor,
} from '../../src/platform/database/embedded-files.js';
import { freePort } from './process.js';

const PASSWORD = 'of-a-test';

/** A PostgreSQL 18 on loopback, of the binaries that come with Evently, in a folder of its own. */
export class PostgresNode {
  private server: ChildProcess | undefined;

  private constructor(
    readonly name: string,
    readonly directory: string,
    readonly port: number,
    private readonly account: Account | undefined,
    private readonly binaries: Binaries,
  ) {}

  /** @param parent folder that the server's account can enter */
  static async prepare(parent: string, name: string): Promise<PostgresNode> {
    const directory = join(parent, name);
    const account = accountFor(directory);
    const node = new PostgresNode(name, directory, await freePort(), account, await binariesFor(account));
    node.empty();
    return node;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  url(database = 'evently'): string {
    return `postgres://evently:${PASSWORD}@${this.address}/${database}`;
  }

  /** A cluster of its own. */
  async initialise(): Promise<void> {
    const passwordFile = `${this.directory}.password`;
    writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
    this.own(passwordFile);
    const args = [
      '--username=evently',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
    ];
    await this.run(this.binaries.initdb, [`--pgdata=${this.directory}`, ...args, '--locale=C', '--no-sync']);
    this.configure(`
      cluster_name = '${this.name}'
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 200
      shared_buffers = 128MB
      wal_keep_size = 1GB
      timezone = 'UTC'`);
  }

  /** The cluster of a running primary, copied while it works, as a standby of it. */
  async copyFrom(primary: PostgresNode): Promise<void> {
    this.empty();
    const client = new pg.Client(primary.url('postgres'));
    await client.connect();
    try {
      await client.query(`SELECT pg_backup_start($1, fast => true)`, [this.name]);
      // tar and not cp: what vanishes while it is copied comes again with the WAL.
      const copy = `cd "$1" && tar --ignore-failed-read --warning=no-file-changed --warning=no-file-removed \
        --exclude=./postmaster.pid --exclude=./postmaster.opts --exclude='./pg_wal/0*' -cf - . | tar -xf - -C "$0"`;
      await this.run('/bin/sh', ['-c', copy, this.directory, primary.directory]);
      const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)');
      writeFileSync(join(this.directory, 'backup_label'), rows[0].labelfile);
      this.own(join(this.directory, 'backup_label'));
    } finally {
      await client.end();
    }
    writeFileSync(join(this.directory, 'standby.signal'), '');
    this.own(join(this.directory, 'standby.signal'));
    const source = `host=127.0.0.1 port=${primary.port} user=evently password=${PASSWORD} application_name=${this.name}`;
    this.configure(`
      cluster_name = '${this.name}'
      primary_conninfo = '${source}'`);
  }

  async start(): Promise<void> {
    this.server = spawn(this.binaries.postgres, ['-D', this.directory, '-p', `${this.port}`], {
      ...this.account,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    this.server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-20_000);
    });
    for (const end = Date.now() + 60_000; !(await this.answers()); await sleep(50))
      if (Date.now() > end || this.server.exitCode !== null) throw new Error(`${this.name}:\n${log}`);
  }

  /** One statement on a connection of its own. */
  async query<Row extends pg.QueryResultRow>(sql: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** To the server and all processes of it. */
  signal(name: NodeJS.Signals): void {
    const postmaster = this.server?.pid;
    if (!postmaster || this.ended) return;
    for (const pid of [postmaster, ...childrenOf(postmaster)])
      try {
        process.kill(pid, name);
      } catch {
        // It ended in between.
      }
  }

  /** @param signal SIGKILL as a crash; SIGINT lets it end in order */
  async stop(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    if (!this.server || this.ended) return;
    const ended = once(this.server, 'close');
    if (signal === 'SIGKILL') this.signal(signal);
    else this.server.kill(signal);
    await ended;
  }

  private get ended(): boolean {
    return this.server?.exitCode !== null || this.server.signalCode !== null;
  }

  private async answers(): Promise<boolean> {
    return this.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  private empty(): void {
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { mode: 0o700 });
    this.own(this.directory);
  }

  private configure(lines: string): void {
    appendFileSync(join(this.directory, 'postgresql.conf'), `${lines}\n`);
  }

  private own(path: string): void {
    if (this.account) chownSync(path, this.account.uid, this.account.gid);
  }

  private async run(program: string, args: string[]): Promise<void> {
    const child = spawn(program, args, { ...this.account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${said}`);
  }
}

/** Processes by their parent, which Linux tells in /proc. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
