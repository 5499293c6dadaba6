import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { databaseErrorCode } from '../common/database-errors.js';
import { StartupError } from '../common/startup-error.js';
import {
  type Cluster,
  openCluster,
  resetPassword,
  serverEnvironment,
  startFailure,
} from './embedded-cluster.js';
import { remember, remembered } from './embedded-files.js';

const OWNER_LOCK = 4_860_190;
const RECOVERY_TIMEOUT = 300_000;
const STOP_TIMEOUT = 60_000;
const REVIVAL_PAUSE = 500;
const HOST = '127.0.0.1';

// fsync, full_page_writes and synchronous_commit stay as they are shipped: on.
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  random_page_cost: 1.1,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m ',
  log_checkpoints: 'off',
};

export interface EmbeddedServer {
  /** Of the database `evently`, with password. */
  readonly url: string;
  /** Where the data is; outside of the data folder when the server's account could not reach it there. */
  readonly directory: string;
  /** Writes everything out and ends the server, also one that was adopted; nothing when it is only shared. */
  stop(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly port: number;
  /** Only of a server that this process started. */
  readonly hasExited?: () => boolean;
}

interface Owned {
  server: Running;
  /** Holds the lock of the owner. */
  owner: pg.Client;
}

/**
 * Starts PostgreSQL on the data folder, or adopts the one that a killed process left running there.
 * `share`: use the server of a running Evently if there is one and leave it running (command line tools).
 * Errors: StartupError in one line, also when another Evently uses the folder.
 */
export async function startEmbedded(dataDir: string, { share = false } = {}): Promise<EmbeddedServer> {
  const cluster = await openCluster(resolve(dataDir));
  const { directory } = cluster;
  const owned = await reach(cluster);
  const url = `postgres://evently:${cluster.password}@${HOST}:${owned.server.port}/evently`;
  if (!(await takeOwnership(owned.owner))) {
    await owned.owner.end();
    if (share) return { url, directory, stop: async () => {} };
    throw new StartupError(
      `Another Evently is running on the data folder ${cluster.dataDir}: stop it, or choose another folder with EVENTLY_DATA_DIR.`,
    );
  }
  remember(cluster.dataDir, {
    ...(directory !== join(cluster.dataDir, 'postgres') && { directory }),
    port: owned.server.port,
  });
  const revival = keepAlive(cluster, owned);
  return {
    url,
    directory,
    stop: async () => {
      revival.abort();
      const stopped = stop(cluster, owned.server);
      await owned.owner.end().catch(() => {});
      await stopped;
    },
  };
}

/** One Evently owns a server: the one whose connection holds the lock, so that a killed one owns nothing. */
async function takeOwnership(owner: pg.Client): Promise<boolean> {
  const { rows } = await owner.query('SELECT pg_try_advisory_lock($1) AS mine', [OWNER_LOCK]);
  if (!rows[0].mine) return false;
  const found = await owner.query(`SELECT FROM pg_database WHERE datname = 'evently'`);
  if (found.rowCount === 0) await owner.query('CREATE DATABASE evently');
  return true;
}

/** A server that is killed while the application runs is started again, on the port that the application knows. */
function keepAlive(cluster: Cluster, owned: Owned): AbortController {
  const ending = new AbortController();
  const revive = async () => {
    while (!ending.signal.aborted) {
      await sleep(REVIVAL_PAUSE);
      try {
        if (!ending.signal.aborted) Object.assign(owned, await reach(cluster));
        await takeOwnership(owned.owner);
        if (!ending.signal.aborted) owned.owner.once('end', revive);
        return;
      } catch (error) {
        // The processes of the killed server need a moment to notice; anything else an operator has to see.
        Logger.error({ err: error }, 'PostgreSQL has ended and does not start again');
      }
    }
  };
  owned.owner.once('end', revive);
  return ending;
}

/** A server that answers, and a connection to it. One that is just stopping is waited for and started again. */
async function reach(cluster: Cluster): Promise<Owned> {
  for (let attempt = 1; ; attempt++) {
    const server = running(cluster) ?? (await launch(cluster));
    try {
      const owner = await connectWhenReady(cluster, server);
      if (owner) return { server, owner };
    } catch (error) {
      if (databaseErrorCode(error) !== '28P01' || attempt > 2) {
        if (server.hasExited) await stop(cluster, server);
        throw error;
      }
      await stop(cluster, server);
      await resetPassword(cluster);
      continue;
    }
    if (server.hasExited?.() && (attempt > 2 || !running(cluster))) throw startFailure(cluster);
  }
}

/** The server that runs on this cluster, whoever started it. A postmaster.pid of a process that is another by now is removed. */
function running({ directory }: Cluster): Running | undefined {
  const file = join(directory, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (pid && serves(pid, directory)) return { pid, port };
  // PostgreSQL itself would refuse to start while any process has this id, which after a reboot may be any program.
  rmSync(file, { force: true });
  return undefined;
}

function serves(pid: number, directory: string): boolean {
  try {
    process.kill(pid, 0);
    // Every server works in its own cluster's folder. Without /proc an existing process is taken for the server.
    return process.platform !== 'linux' || readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch {
    return false;
  }
}

async function launch(cluster: Cluster): Promise<Running> {
  const port = await freePort(remembered(cluster.dataDir).port);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(cluster.log, 'a');
  // In a session of its own: Ctrl-C in the terminal must reach the application only, which stops the server last.
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.directory, '-p', String(port), ...settings], {
    ...cluster.account,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failed = false;
  child.on('error', () => {
    failed = true;
  });
  child.unref();
  const hasExited = () => failed || child.exitCode !== null || child.signalCode !== null;
  return { pid: child.pid ?? 0, port, hasExited };
}

/** Undefined when the server ended before it answered; waits through crash recovery. */
async function connectWhenReady(cluster: Cluster, server: Running): Promise<pg.Client | undefined> {
  const deadline = Date.now() + RECOVERY_TIMEOUT;
  while (isAlive(cluster, server)) {
    const client = new pg.Client({
      host: HOST,
      port: server.port,
      user: 'evently',
      password: cluster.password,
      database: 'postgres',
      application_name: 'evently-owner',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    // It dies with the server; what that means is found out by those who use the database.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      const notYet = ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(databaseErrorCode(error) ?? '');
      if (!notYet || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
  return undefined;
}

const isAlive = (cluster: Cluster, { pid, hasExited }: Running): boolean =>
  hasExited ? !hasExited() : running(cluster)?.pid === pid;

/** Fast shutdown: open transactions are rolled back, everything committed is written out. */
async function stop(cluster: Cluster, server: Running): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT;
  if (isAlive(cluster, server)) process.kill(server.pid, 'SIGINT');
  while (isAlive(cluster, server)) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${server.pid}) is still stopping.`);
    await sleep(20);
  }
}

/** The wanted port when nobody listens there, otherwise any free one. */
async function freePort(wanted = 0): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted ? freePort().then(found, failed) : failed(error)));
    probe.listen(wanted, HOST, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}
