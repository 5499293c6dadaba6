import { spawn } from 'node:child_process';
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

/** Finds the cluster of a data folder, or makes it on first use. Errors: StartupError in one line. */
export async function openCluster(dataDir: string): Promise<Cluster> {
  const { databasePassword: password } = readSecrets(dataDir);
  const directory = clusterDirectory(dataDir);
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

/** Under another name first, so that an interrupted start leaves no half-made cluster. */
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
  } finally {
    rmSync(passwordFile, { force: true });
    removeUnfinished(directory);
  }
}

function removeUnfinished(directory: string): void {
  for (const name of readdirSync(dirname(directory)))
    if (name.startsWith(`${basename(directory)}.new-`))
      rmSync(join(dirname(directory), name), { recursive: true, force: true });
}

/** For when secrets.json was deleted and made anew: single-user mode needs no password. The server must be stopped. */
export async function resetPassword(cluster: Cluster): Promise<void> {
  const sql = `ALTER ROLE evently PASSWORD '${cluster.password}'\n`;
  await run(cluster, cluster.binaries.postgres, ['--single', '-D', cluster.directory, 'postgres'], sql);
}

async function run(cluster: Cluster, program: string, args: string[], input = ''): Promise<void> {
  const log = openSync(cluster.log, 'a');
  // In a session of its own, out of reach of Ctrl-C in the terminal: it is over in a second and must not end halfway.
  const child = spawn(program, args, {
    ...cluster.account,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [status] = await once(child, 'close');
  if (status !== 0) throw startFailure(cluster);
}

/** Nothing of ours: PGPORT, PGDATA and their like would change what the server does. */
export const serverEnvironment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** One line that names the folder and quotes what PostgreSQL said last. */
export function startFailure({ directory, log, logStart }: Cluster): StartupError {
  const said = reason(readFileSync(log).subarray(logStart).toString('utf8').trimEnd().split('\n'));
  return new StartupError(
    `PostgreSQL could not start on ${directory}: ${said} (more in ${log}). Put that right, restore the folder from a backup, or move it away to start empty.`,
  );
}

function reason(lines: string[]): string {
  const level = /^.*?\b(FATAL|PANIC|ERROR|error): +/;
  // What was told to us while we waited, and not why it failed.
  const telling = lines.filter(
    (line) => !/ LOG: |the database system is |password authentication/.test(line),
  );
  const worst = telling.findLast((line) => level.test(line));
  return (worst ?? telling.join(' ')).replace(level, '') || 'it ended without a word';
}
