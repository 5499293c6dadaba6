import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const pids = (): number[] => readdirSync('/proc').map(Number).filter(Boolean);

/** Servers (not their children) that work on the database of a data folder, by process id. */
export function postgresOf(dataDir: string): number[] {
  const directory = join(realpathSync(dataDir), 'postgres');
  return pids().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === directory && argumentsOf(pid).includes('-D');
    } catch {
      return false;
    }
  });
}

/** Who ends a server when its owner has ended. */
export const watchdogsOf = (server: number): number[] =>
  pids().filter((pid) => {
    const words = argumentsOf(pid);
    return words.includes('evently-watchdog') && words.includes(String(server));
  });

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
