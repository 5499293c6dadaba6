import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

const NICE = 10;

/**
 * Lowers the priority of the thread that calls it. Linux schedules threads one by one, each with a niceness of its own:
 * at niceness 0 a busy thread on each core makes the event loop wait for the rest of a time slice at every turn. Other
 * systems need no such step.
 */
export function yieldToRequests(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);
  } catch {}
}
