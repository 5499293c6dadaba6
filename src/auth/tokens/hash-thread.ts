import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { hashSync, verifySync } from '@node-rs/argon2';

// Argon2id (the library's default kind) with the least cost that OWASP accepts: about 15 ms of one core and 19 MiB.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const NICE = 10;

yieldToRequests();

export const hash = (password: string | Uint8Array): string => hashSync(password, COST);

export const verify = ({ hash, password }: { hash: string; password: string }): boolean =>
  verifySync(hash, password);

/**
 * Lowers the thread's priority. Linux schedules threads one by one, each with a niceness of its own: at niceness 0 a
 * hash on each core makes the event loop wait for the rest of a time slice at every turn. Other systems need no such
 * step.
 */
function yieldToRequests(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);
  } catch {}
}
