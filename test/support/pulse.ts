import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';

export interface Pulse {
  /** Resident megabytes, every 100 ms. */
  readonly memory: number[];
  /** Answers of `health/live`, one after another on a connection that is kept open. */
  readonly health: { status: number; ms: number }[];
}

/** Feels a process every 100 ms, from a thread of its own: the test's is busy being the load. */
export async function feelPulse(url: string, pid: number, ms: number): Promise<Pulse> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, pid, ms } });
  return new Promise((felt, failed) => worker.once('message', felt).once('error', failed));
}

/** In megabytes: `VmRSS` now, `VmHWM` the most there ever was. */
export function residentMemory(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024);
}

async function ask(url: string): Promise<{ status: number; ms: number }> {
  const began = Date.now();
  const answer = await fetch(`${url}/api/v1/health/live`);
  await answer.arrayBuffer();
  return { status: answer.status, ms: Date.now() - began };
}

if (workerData?.url) {
  const { url, pid, ms } = workerData as { url: string; pid: number; ms: number };
  const memory: number[] = [];
  const health: Pulse['health'] = [];
  const end = Date.now() + ms;
  const feeling = setInterval(() => memory.push(residentMemory(pid, 'VmRSS')), 100);
  for (; Date.now() < end; await sleep(100)) health.push(await ask(url));
  clearInterval(feeling);
  parentPort?.postMessage({ memory, health } satisfies Pulse);
}
