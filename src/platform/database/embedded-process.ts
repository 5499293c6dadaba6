import { spawn } from 'node:child_process';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { databaseErrorCode } from '../common/database-errors.js';
import { StartupError } from '../common/startup-error.js';
import { apart, type Cluster } from './embedded-cluster.js';
import { remembered } from './embedded-files.js';
import { watchOver } from './embedded-watchdog.js';
import { createClient } from './primary.js';

const RECOVERY_TIMEOUT = 300_000;
const STOP_TIMEOUT = 60_000;
const FAST_STOP_TIMEOUT = 20_000;
const RETRY_PAUSE = 100;
/** Error codes of a server that is still starting. */
const NOT_YET = new Set<string | undefined>(['ECONNREFUSED', 'ECONNRESET', '57P03']);
export const HOST = '127.0.0.1';

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

/** A process of PostgreSQL, whoever started it. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  /** Only of a server that this process started. */
  readonly hasExited?: () => boolean;
}

/**
 * The server that runs on this cluster, whoever started it. A postmaster.pid of a process that is another by now is
 * removed.
 */
export async function running({ directory }: Cluster): Promise<Running | undefined> {
  const file = join(directory, 'postmaster.pid');
  let text = '';
  // A server that is just starting has made the file and not yet written it.
  for (let look = 1; look <= 10 && !isWritten(text); look++) {
    if (look > 1) await sleep(RETRY_PAUSE);
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  }
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (pid > 0 && serves(pid, directory)) return { pid, port };
  removeStale(file, text);
  return undefined;
}

/** With the port, on the fourth line. */
const isWritten = (text: string): boolean => /^\d+\n.*\n.*\n\d+\n/.test(text);

/**
 * PostgreSQL itself would refuse to start while any process has this id, which after a reboot may be any program. Taken
 * away first and compared then: meanwhile another start may have removed it, and its server have written its own.
 */
function removeStale(file: string, text: string): void {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
    if (readFileSync(away, 'utf8') !== text) linkSync(away, file);
  } catch {
    // Somebody else was faster.
  }
  rmSync(away, { force: true });
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

export async function launch(cluster: Cluster): Promise<Running> {
  const port = await freePort(remembered(cluster.dataDir).port);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(cluster.log, 'a');
  const args = ['-D', cluster.directory, '-p', String(port), ...settings];
  // Ctrl-C must reach the application only, which stops the server last.
  const child = spawn(cluster.binaries.postgres, args, apart(cluster, ['ignore', log, log]));
  closeSync(log);
  watchOver(child, cluster);
  let failed = false;
  child.on('error', () => {
    failed = true;
  });
  child.unref();
  const hasExited = () => failed || child.exitCode !== null || child.signalCode !== null;
  return { pid: child.pid ?? 0, port, hasExited };
}

/**
 * Undefined when the server ended before it answered; waits through crash recovery. Two that start at once may find the
 * same port free: what answers for a server that this process has started must be that server.
 */
export async function connectWhenReady(cluster: Cluster, server: Running): Promise<pg.Client | undefined> {
  const deadline = Date.now() + RECOVERY_TIMEOUT;
  while (isAlive(cluster, server)) {
    const client = createClient(`postgres://evently:${cluster.password}@${HOST}:${server.port}/postgres`, {
      application_name: 'evently-owner',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    try {
      await client.connect();
      if (!server.hasExited || (await running(cluster))?.pid === server.pid) return client;
      await client.end();
      if (Date.now() > deadline) return undefined;
      await sleep(50);
    } catch (error) {
      if (!NOT_YET.has(databaseErrorCode(error)) || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
  return undefined;
}

export const isAlive = (cluster: Cluster, { pid, hasExited }: Running): boolean =>
  hasExited ? !hasExited() : serves(pid, cluster.directory);

/**
 * Fast shutdown: open transactions are rolled back, everything committed is written out. A server that cannot, because
 * it is damaged, is ended like by a crash.
 */
export async function stop(cluster: Cluster, server: Running): Promise<void> {
  const [impatient, deadline] = [Date.now() + FAST_STOP_TIMEOUT, Date.now() + STOP_TIMEOUT];
  if (isAlive(cluster, server)) process.kill(server.pid, 'SIGINT');
  for (let told = false; isAlive(cluster, server); ) {
    if (!told && Date.now() > impatient) {
      told = true;
      process.kill(server.pid, 'SIGQUIT');
    }
    if (Date.now() > deadline)
      throw new StartupError(`PostgreSQL (process ${server.pid}) is still stopping.`);
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
