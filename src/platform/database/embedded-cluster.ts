import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../common/startup-error.js';
import { readSecrets } from '../config/secrets.js';
import {
  type Account,
  accountFor,
  type Binaries,
  binariesFor,
  clusterDirectory,
  makeParent,
} from './embedded-files.js';

const MAJOR = '18';
const LOG_LIMIT = 10 * 1024 * 1024;
/** Making a cluster takes a second, on a slow disk a minute. */
const UNFINISHED_MS = 10 * 60_000;

/** The embedded server's data, the programs that serve it and who runs them. */
export interface Cluster {
  readonly dataDir: string;
  readonly directory: string;
  readonly log: string;
  /** Length of the log before this start. */
  readonly logStart: number;
  readonly password: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

/** Finds the cluster of a data folder, or makes it on first use if `create`. Errors: StartupError in one line. */
export async function openCluster(dataDir: string, create: boolean): Promise<Cluster> {
  const { databasePassword: password } = readSecrets(dataDir);
  const directory = clusterDirectory(dataDir, create);
  const account = accountFor(directory);
  const log = join(dataDir, 'postgres.log');
  if (existsSync(log) && statSync(log).size > LOG_LIMIT) renameSync(log, `${log}.1`);
  const logStart = existsSync(log) ? statSync(log).size : 0;
  const binaries = await binariesFor(account);
  const cluster = { dataDir, directory, log, logStart, password, account, binaries };
  if (existsSync(directory)) checkVersion(directory);
  else await initialise(cluster);
  return cluster;
}

function checkVersion(directory: string): void {
  let version: string;
  try {
    version = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const denied = (error as NodeJS.ErrnoException).code === 'EACCES';
    throw new StartupError(
      denied
        ? `The database folder ${directory} belongs to another account: start as its owner or as root.`
        : `The database folder ${directory} is damaged (no PG_VERSION): restore it from a backup, or move it away to start empty.`,
    );
  }
  if (version !== MAJOR)
    throw new StartupError(
      `The database folder ${directory} was made by PostgreSQL ${version}, this release brings ${MAJOR}: dump it with the release that made it and restore, or move it away to start empty.`,
    );
}

/**
 * Makes the cluster under a temporary name first, so that an interrupted start leaves no half-made one; if two run at
 * once, the first to finish gives it its name.
 */
async function initialise(cluster: Cluster): Promise<void> {
  const { directory, account } = cluster;
  makeParent(directory, cluster.dataDir);
  const unfinished = mkdtempSync(`${directory}.new-`);
  const passwordFile = `${unfinished}.password`;
  try {
    writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
    if (account) {
      chownSync(unfinished, account.uid, account.gid);
      chownSync(passwordFile, account.uid, account.gid);
    }
    // The builtin provider gives the same order and case rules on every machine, whatever locales it has.
    await run(cluster, cluster.binaries.initdb, [
      `--pgdata=${unfinished}`,
      '--username=evently',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]);
    renameSync(unfinished, directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
    removeUnfinished(directory);
  }
}

/** Removes directories that interrupted first starts have left; a young one may belong to a first start under way. */
function removeUnfinished(directory: string): void {
  for (const name of readdirSync(dirname(directory))) {
    const path = join(dirname(directory), name);
    const age = () => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name.startsWith(`${basename(directory)}.new-`) && age() > UNFINISHED_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

/** For when secrets.json was deleted and made anew: single-user mode needs no password. The server must be stopped. */
export async function resetPassword(cluster: Cluster): Promise<void> {
  const sql = `ALTER ROLE evently PASSWORD '${cluster.password}'\n`;
  await run(cluster, cluster.binaries.postgres, ['--single', '-D', cluster.directory, 'postgres'], sql);
}

async function run(cluster: Cluster, program: string, args: string[], input = ''): Promise<void> {
  const log = openSync(cluster.log, 'a');
  // Out of reach of Ctrl-C: it is over in a second and must not end halfway.
  const child = spawn(program, args, apart(cluster, ['pipe', log, log]));
  closeSync(log);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [status] = await once(child, 'close');
  if (status !== 0) throw startFailure(cluster);
}

/** Nothing of ours: PGPORT, PGDATA and their like would change what the server does. */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** Options of a program in a session of its own, which Ctrl-C in the terminal does not reach. */
export const apart = ({ account }: Cluster, stdio: SpawnOptions['stdio']): SpawnOptions => ({
  ...account,
  cwd: '/',
  env: ENVIRONMENT,
  detached: true,
  stdio,
});

/** One line that names the folder and quotes what PostgreSQL said last. */
export function startFailure(cluster: Cluster): StartupError {
  return new StartupError(
    `PostgreSQL could not start on ${cluster.directory}: ${lastWords(cluster)} (more in ${cluster.log}). ${advice(lastWords(cluster))}`,
  );
}

/** The same for a server that runs and cannot do what the start needs. */
export function brokenCluster({ directory, log }: Cluster, error: unknown): Error {
  if (error instanceof StartupError) return error;
  const { message } = error as Error;
  return new StartupError(
    `PostgreSQL on ${directory} cannot be used: ${message} (more in ${log}). ${advice(message)}`,
  );
}

const advice = (said: string): string =>
  /no space left|disk quota/i.test(said)
    ? 'Make room on the disk, and start again.'
    : 'Put that right, restore the folder from a backup, or move it away to start empty.';

/** Whether a server could not start because another one runs on the folder, or has not ended there yet. */
export const lostToAnother = (cluster: Cluster): boolean =>
  /lock file .* already exists|lock file .* is empty|pre-existing shared memory block/.test(
    lastWords(cluster),
  );

function lastWords({ log, logStart }: Cluster): string {
  const lines = readFileSync(log).subarray(logStart).toString('utf8').trimEnd().split('\n');
  const level = /^.*?\b(FATAL|PANIC|ERROR|error): +/;
  // Lines left out were written while we waited and do not say why the server failed.
  const telling = lines.filter(
    (line) => !/ LOG: |the database system is |password authentication/.test(line),
  );
  const worst = telling.findLast((line) => level.test(line));
  return (worst ?? telling.join(' ')).replace(level, '') || 'it ended without an error message';
}
