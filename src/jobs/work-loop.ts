import { Logger } from '@nestjs/common';
import { Wake } from '../common/wake.js';

const POLL_MS = 1_000;

export interface WorkLoopOptions<Item> {
  /** What the items are, for the log. */
  readonly what: string;
  /** Items that this replica works on at once. */
  readonly atOnce: number;
  /** Leases up to `room` items that are due; several replicas share them. */
  claim(room: number): Promise<Item[]>;
  work(item: Item): Promise<void>;
}

/** Works on leased items as they become due: looks once a second, sooner when told so, and whenever one is done. */
export class WorkLoop<Item> {
  private readonly log: Logger;
  private readonly wake = new Wake();
  private readonly working = new Set<Promise<void>>();
  private stopping = false;
  private looping: Promise<void> | undefined;

  constructor(private readonly options: WorkLoopOptions<Item>) {
    this.log = new Logger(`${WorkLoop.name} (${options.what})`);
  }

  start(): void {
    this.looping = this.loop();
  }

  nudge(): void {
    this.wake.ring();
  }

  /** Takes nothing new. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake.ring();
    await this.looping;
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    await Promise.all(this.working);
  }

  private async loop(): Promise<void> {
    while (!this.stopping) if ((await this.take()) === 0) await this.wake.wait(POLL_MS);
  }

  private async take(): Promise<number> {
    const room = this.options.atOnce - this.working.size;
    if (room === 0) return 0;
    try {
      const items = await this.options.claim(room);
      for (const item of items) this.begin(item);
      return items.length;
    } catch (error) {
      this.log.warn({ err: error }, 'What is due cannot be read right now');
      return 0;
    }
  }

  private begin(item: Item): void {
    const work = this.options
      .work(item)
      .catch((error) => this.log.warn({ err: error }, 'Work was interrupted; its lease runs out'))
      .finally(() => {
        this.working.delete(work);
        this.wake.ring();
      });
    this.working.add(work);
  }
}
