import type { Answer } from './client.js';

export interface Rush {
  readonly answers: Answer[];
  /** How often each status came, e.g. `{ 201: 1, 409: 999 }`. */
  readonly statuses: Record<number, number>;
  /** Milliseconds; for reports, never asserted: the machine is shared. */
  readonly ms: { p50: number; p95: number; p99: number; max: number; total: number };
}

/** Runs `count` requests, at most `width` at once, and collects what came back in their order. */
export async function rush(
  count: number,
  width: number,
  request: (index: number) => Promise<Answer>,
): Promise<Rush> {
  const answers = new Array<Answer>(count);
  const times = new Float64Array(count);
  const began = performance.now();
  let next = 0;
  async function worker(): Promise<void> {
    while (next < count) {
      const index = next++;
      const start = performance.now();
      answers[index] = await request(index);
      times[index] = performance.now() - start;
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  const total = Math.round(performance.now() - began);
  return { answers, statuses: countStatuses(answers), ms: { ...percentiles(times), total } };
}

export function countStatuses(answers: Iterable<Answer>): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export function percentiles(times: Iterable<number>): { p50: number; p95: number; p99: number; max: number } {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
