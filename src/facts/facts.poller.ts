import { Wake } from './wake.js';

const GAP = 20;
const PENDING = 50;
const BUSY = 250;
const IDLE = 1_000;

interface Horizon {
  until: string;
  found: boolean;
  pending: boolean;
}

/**
 * Calls back with each new horizon behind which there are new facts. Looks at once when rung, soon while a running
 * transaction holds facts back, else every 250 ms, slowing down to 1 s while nothing happens.
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
    since: string,
    look: (since: string) => Promise<Horizon>,
    found: (until: string) => Promise<void> | void,
  ): Promise<void> {
    let from = since;
    let delay = BUSY;
    while (!this.stopping) {
      const horizon = await look(from);
      if (horizon.found) await found(horizon.until);
      from = horizon.until;
      delay = horizon.found ? BUSY : Math.min(delay * 1.5, IDLE);
      // Many commits ring many times: one look a GAP serves them all.
      await new Promise((resolve) => setTimeout(resolve, GAP));
      if (await this.wake.wait(horizon.pending ? PENDING : delay)) delay = BUSY;
    }
  }
}
