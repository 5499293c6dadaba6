import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Sample {
  /** Seconds since the watch began. */
  readonly at: number;
  /** MB, 2^20 bytes. */
  readonly rss: number;
}

/** Resident memory of a process, in MB of 2^20 bytes (Linux). */
export function residentMemory(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}

/** Samples a process every 50 ms until the returned function is called. */
export function watchMemory(pid: number): () => Sample[] {
  const began = performance.now();
  const samples: Sample[] = [];
  const look = () => samples.push({ at: (performance.now() - began) / 1000, rss: residentMemory(pid) });
  look();
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
    return samples;
  };
}

export const highest = (samples: readonly Sample[]): number => Math.max(...samples.map(({ rss }) => rss));
