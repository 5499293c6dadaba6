import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Wake } from '../common/wake.js';

const POLL_MS = 1_000;

/**
 * Works on leased items as they become due: looks once a second, sooner when told so, and whenever one is done. Several
 * replicas share the items. A subclass names its duty at `start`.
 */
export abstract class LeaseWorker<Item> implements BeforeApplicationShutdown {
  protected readonly log = new Logger(this.constructor.name);
  private readonly wake = new Wake();
  private readonly working = new Set<Promise<void>>();
  private stopping = false;
  private looping: Promise<void> | undefined;

  /** @param atOnce items that this replica works on at once */
  protected constructor(private readonly atOnce: number) {}

  /** Leases up to `room` items that are due. */
  protected abstract claim(room: number): Promise<Item[]>;
  protected abstract work(item: Item): Promise<void>;

  start(): void {
    this.looping = this.loop();
  }

  nudge(): void {
    this.wake.ring();
  }

  /** Waits for the items under way; another replica takes those that are due later. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
    await this.drained();
  }

  /** Takes nothing new. */
  protected async stop(): Promise<void> {
    this.stopping = true;
    this.wake.ring();
    await this.looping;
  }

  /** Resolves when nothing is under way. */
  protected async drained(): Promise<void> {
    await Promise.all(this.working);
  }

  private async loop(): Promise<void> {
    while (!this.stopping) if ((await this.take()) === 0) await this.wake.wait(POLL_MS);
  }

  private async take(): Promise<number> {
    const room = this.atOnce - this.working.size;
    if (room === 0) return 0;
    try {
      const items = await this.claim(room);
      for (const item of items) this.begin(item);
      return items.length;
    } catch (error) {
      this.log.warn({ err: error }, 'Due work cannot be read right now');
      return 0;
    }
  }

  private begin(item: Item): void {
    const work = this.work(item)
      .catch((error) =>
        this.log.warn(
          { err: error },
          'Work was interrupted; a replica takes it up again when its lease ends',
        ),
      )
      .finally(() => {
        this.working.delete(work);
        this.wake.ring();
      });
    this.working.add(work);
  }
}
