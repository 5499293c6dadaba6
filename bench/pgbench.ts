import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spread } from './stats.js';

export interface PgbenchRun {
  readonly script: string;
  readonly clients: number;
  /** Either for a time or a number of transactions for each client. */
  readonly seconds?: number;
  readonly transactions?: number;
  readonly variables: Record<string, string | number>;
}

export interface PgbenchResult {
  readonly transactions: number;
  /** Transactions a second, without the time to connect. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
}

/**
 * Its version, or undefined when it is not on the machine. It is not installed from here: Debian's package would start a
 * PostgreSQL of its own.
 */
export function pgbenchVersion(): string | undefined {
  const asked = spawnSync('pgbench', ['--version'], { encoding: 'utf8' });
  return asked.error ? undefined : asked.stdout.trim();
}

/** Runs one script with prepared statements and a fixed plan, as the application's own connections have it. */
export async function pgbench(databaseUrl: string, run: PgbenchRun): Promise<PgbenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'evently-pgbench-'));
  try {
    writeFileSync(join(folder, 'script.sql'), run.script);
    const { hostname, port, username, password, pathname } = new URL(databaseUrl);
    const amount = run.seconds === undefined ? ['-t', String(run.transactions)] : ['-T', String(run.seconds)];
    const args = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(run.clients),
      '-j',
      String(Math.min(2, run.clients)),
      ...amount,
    ];
    const variables = Object.entries(run.variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const { stdout, stderr } = await promisify(execFile)(
      'pgbench',
      [...args, ...variables, '-l', '--log-prefix=times', '-f', join(folder, 'script.sql')],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          PGHOST: hostname,
          PGPORT: port,
          PGUSER: username,
          PGPASSWORD: password,
          PGDATABASE: pathname.slice(1),
          PGOPTIONS: '-c plan_cache_mode=force_generic_plan',
        },
      },
    );
    const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]);
    const transactions = number(/actually processed: (\d+)/);
    if (!transactions || number(/failed transactions: (\d+)/) > 0)
      throw new Error(`pgbench failed: ${stdout}${stderr}`);
    return { transactions, rate: number(/tps = ([\d.]+)/), p50: spread(times(folder)).p50 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log has a line for each transaction; its third field is how many µs it took. */
function times(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('times'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => Number(line.split(' ')[2]) / 1000);
}
