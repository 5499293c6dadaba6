import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds. Fails after `ms`. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); await sleep(20))
    if (Date.now() > end) throw new Error(`Not within ${ms} ms: ${condition}`);
}
