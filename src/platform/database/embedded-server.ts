import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { databaseErrorCode } from '../common/database-errors.js';
import { StartupError } from '../common/startup-error.js';
import { LOCKS } from './advisory-locks.js';
import {
  brokenCluster,
  type Cluster,
  lostToAnother,
  openCluster,
  resetPassword,
  startFailure,
} from './embedded-cluster.js';
import { remember } from './embedded-files.js';
import { connectWhenReady, HOST, isAlive, launch, type Running, running, stop } from './embedded-process.js';

const REVIVAL_PAUSE = 500;
const RETRY_PAUSE = 100;
const MAX_ATTEMPTS = 50;
/** Milliseconds that a server started by another process may be without an owner. */
const OWNER_TIMEOUT = 5_000;

/** A bigint key is shown in two halves. */
const OWNED = `
  SELECT EXISTS (
    SELECT FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1::bigint::oid AND objsubid = 1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) AS owned`;

export interface EmbeddedServer {
  /** URL of the database `evently`, with password. */
  readonly url: string;
  /** Where the data is; outside of the data folder when the server's account could not reach it there. */
  readonly directory: string;
  /** Writes everything out and ends the server; nothing when it is only shared. */
  stop(): Promise<void>;
}

interface Owned {
  server: Running;
  /** Holds the lock of the owner. */
  owner: pg.Client;
}

/** The server of an Evently that is running. */
interface Shared {
  readonly server: Running;
  readonly owner?: undefined;
}

/**
 * Starts PostgreSQL on the data folder. A server that a killed process has left there ends by itself and is waited for.
 * `share`: use the server of a running Evently if there is one and leave it running (command line tools).
 * `create`: whether a folder that has no database gets an empty one.
 * Errors: StartupError in one line, also when another Evently uses the folder.
 */
export async function startEmbedded(
  dataDir: string,
  { share = false, create = true } = {},
): Promise<EmbeddedServer> {
  const cluster = await openCluster(resolve(dataDir), create);
  const { directory } = cluster;
  const reached = await reach(cluster);
  const url = `postgres://evently:${cluster.password}@${HOST}:${reached.server.port}/evently`;
  if (!reached.owner) {
    if (share) return { url, directory, stop: async () => {} };
    throw new StartupError(
      `Another Evently, or a command of it, is running on the data folder ${cluster.dataDir}: stop it, or choose another folder with EVENTLY_DATA_DIR.`,
    );
  }
  const owned: Owned = reached;
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

/** A server that is killed while the application runs is started again, on the port that the application knows. */
function keepAlive(cluster: Cluster, owned: Owned): AbortController {
  const ending = new AbortController();
  const revive = async () => {
    while (!ending.signal.aborted) {
      await sleep(REVIVAL_PAUSE);
      try {
        if (ending.signal.aborted) return;
        const reached = await reach(cluster);
        if (!reached.owner) throw new Error('Another Evently has started on its data folder');
        Object.assign(owned, reached);
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

/**
 * Finds or starts a server that answers: one that this process owns, or that of another Evently. A server left by a
 * killed Evently is waited for, and stopped when nobody else stops it.
 */
async function reach(cluster: Cluster): Promise<Owned | Shared> {
  let isReset = false;
  for (let attempt = 1; ; attempt++) {
    const found = await running(cluster);
    if (found) {
      const state = await stateOf(cluster, found);
      if (state === 'owned') return { server: found };
      if (state === 'left') await stop(cluster, found);
      continue;
    }
    const server = await launch(cluster);
    try {
      const owner = await connectWhenReady(cluster, server);
      if (owner) {
        await takeOwnership(cluster, owner);
        return { server, owner };
      }
    } catch (error) {
      await stop(cluster, server);
      if (databaseErrorCode(error) === '28P01' && !isReset) {
        isReset = true;
        await resetPassword(cluster);
        continue;
      }
      throw brokenCluster(cluster, error);
    }
    // Another process has just started its own there, or what a killed one had left was still ending.
    const passing = lostToAnother(cluster) || (await running(cluster));
    if (!passing || attempt > MAX_ATTEMPTS) throw startFailure(cluster);
    await sleep(RETRY_PAUSE);
  }
}

/** The lock ends with the connection, so that a killed Evently owns nothing. */
async function takeOwnership(cluster: Cluster, owner: pg.Client): Promise<void> {
  const { rows } = await owner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCKS.embeddedOwner]);
  if (!rows[0].mine) throw new StartupError(`Another Evently has taken the database of ${cluster.dataDir}.`);
  const found = await owner.query(`SELECT FROM pg_database WHERE datname = 'evently'`);
  if (found.rowCount === 0) await owner.query('CREATE DATABASE evently');
}

/**
 * State of a server that this process has not started: owned by a living Evently, ended meanwhile, or left by a killed
 * one with nobody to stop it. An owner takes its lock within a moment after the server answers.
 */
async function stateOf(cluster: Cluster, server: Running): Promise<'owned' | 'ended' | 'left'> {
  let patience: number | undefined;
  let refused: unknown;
  while (isAlive(cluster, server)) {
    try {
      const client = await connectWhenReady(cluster, server);
      if (!client) return 'ended';
      refused = undefined;
      try {
        if ((await client.query(OWNED, [LOCKS.embeddedOwner])).rows[0].owned) return 'owned';
      } finally {
        await client.end().catch(() => {});
      }
    } catch (error) {
      refused = error;
    }
    patience ??= Date.now() + OWNER_TIMEOUT;
    if (Date.now() > patience) {
      if (refused && databaseErrorCode(refused) === '28P01')
        throw new StartupError(
          `PostgreSQL is running on ${cluster.directory} (process ${server.pid}) and does not know the password in ${join(cluster.dataDir, 'secrets.json')}: stop the Evently that it belongs to, then start again.`,
        );
      return 'left';
    }
    await sleep(RETRY_PAUSE);
  }
  return 'ended';
}
