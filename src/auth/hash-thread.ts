import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashAnswer, HashJob } from './hash-threads.js';

// Argon2id (the library's default kind) with the least cost that OWASP accepts: about 15 ms of one core and 19 MiB.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const NICE = 10;

yieldToRequests();
parentPort!.on('message', ({ id, password, against }: HashJob) => {
  parentPort!.postMessage(answer(id, password, against));
});

function answer(id: number, password: string | Buffer, against: string | undefined): HashAnswer {
  try {
    return {
      id,
      result: against === undefined ? hashSync(password, COST) : verifySync(against, password),
    };
  } catch (error) {
    return { id, error: String(error) };
  }
}

/**
 * Linux schedules threads one by one, each with a niceness of its own: at 0 a hash on each core makes whoever answers requests wait for
 * the rest of a time slice at every turn. Elsewhere the threads are as good as any.
 */
function yieldToRequests(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);
  } catch {}
}
