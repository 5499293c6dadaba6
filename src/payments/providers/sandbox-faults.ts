/** Shares of calls, 0 to 1. */
export interface FaultRates {
  readonly fail: number;
  readonly late: number;
}

/**
 * Work as a provider in trouble does it: some calls fail, half of those after they took effect, and some take effect but
 * their answer never comes.
 */
export async function faulty<T>(rates: FaultRates, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const luck = Math.random();
  if (luck < rates.fail / 2) throw new Error('The sandbox failed before it did anything');
  const done = await work();
  if (luck < rates.fail) throw new Error('The sandbox failed after it was done');
  return luck < rates.fail + rates.late ? silence(signal) : done;
}

/** No answer, for as long as anyone waits for it. */
export const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
