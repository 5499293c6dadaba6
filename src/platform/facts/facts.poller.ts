import { Wake } from '../common/wake.js';

const GAP = 20;
const BUSY = 250;
const IDLE = 1_000;

/**
 * Calls back with the snapshot of now whenever it shows new facts. Looks at once when rung, else every 250 ms, slowing
 * down to 1 s while nothing happens.
 */
export class FactsPoller {
  private readonly wake = new Wake();
  private stopping = false;

  ring(): void {
    this.wake.ring();
  }

  stop(): void {
    this.stopping = true;
    this.wake.ring();
  }

  async run(
    seen: string,
    look: (seen: string) => Promise<{ now: string; found: boolean }>,
    found: (now: string) => Promise<void> | void,
  ): Promise<void> {
    let last = seen;
    let delay = BUSY;
    while (!this.stopping) {
      const view = await look(last);
      if (view.found) await found(view.now);
      last = view.now;
      delay = view.found ? BUSY : Math.min(delay * 1.5, IDLE);
      // Many commits ring many times: one look a GAP serves them all.
      await new Promise((resolve) => setTimeout(resolve, GAP));
      if (await this.wake.wait(delay)) delay = BUSY;
    }
  }
}
