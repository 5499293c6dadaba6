import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InventoryService } from '../inventory/inventory.service.js';
import { InventoryMemory } from '../inventory/inventory-memory.service.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { Every } from '../jobs/jobs.decorators.js';
import { type Line, LineRepository } from './line.repository.js';
import { MatcherService } from './matcher.service.js';

const A_CALL = 100;
const CLOSED_A_CALL = 1_000;

/**
 * When the matcher looks: as soon as memory hears of kept seats, and each second, on every replica: what is kept is kept
 * for a minute only, so that this must not wait for the lease of a replica that died.
 */
@Injectable()
export class MatcherJobs implements OnApplicationShutdown {
  private readonly log = new Logger(MatcherJobs.name);
  /** By event, the stamp of the line that was last looked at. */
  private readonly stamps = new Map<string, string>();
  private deafen: () => void = () => {};

  constructor(
    private readonly lines: LineRepository,
    private readonly matcher: MatcherService,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemory,
  ) {}

  @OnDuty('waitlist')
  listen(): void {
    this.deafen = this.memories.onChange(({ eventId }, rows) => {
      if (rows.some(({ kept }) => kept.length > 0))
        void this.attempt(eventId, () => this.matcher.match(eventId));
    });
  }

  onApplicationShutdown(): void {
    this.deafen();
  }

  @Every({ name: 'waitlist.match', seconds: 1, everywhere: true, duty: 'waitlist' })
  async look(): Promise<void> {
    const lines = await this.lines.lines();
    for (const line of lines) await this.attempt(line.eventId, () => this.attend(line));
    const open = new Set(lines.map(({ eventId }) => eventId));
    for (const eventId of this.stamps.keys()) if (!open.has(eventId)) this.stamps.delete(eventId);
  }

  private async attend({ eventId, over, overdue, placesKept, stamp }: Line): Promise<void> {
    if (over) return this.close(eventId);
    // Also where nobody sweeps any more: otherwise strangers would have these seats a minute later.
    if (overdue) while ((await this.inventory.sweep(eventId, A_CALL)) === A_CALL);
    const memory = await this.memories.fresh(eventId);
    if (this.stamps.get(eventId) === stamp && !placesKept && memory?.kept.size === 0) return;
    await this.matcher.match(eventId);
    this.stamps.set(eventId, stamp);
  }

  private async close(eventId: string): Promise<void> {
    for (let ended = CLOSED_A_CALL; ended === CLOSED_A_CALL; ) {
      const result = await this.inventory.follow(eventId, (since) =>
        this.lines.close(eventId, CLOSED_A_CALL, since),
      );
      ended = result.ended ?? 0;
    }
  }

  /** One event that fails must not keep the others waiting; it is looked at again a second later. */
  private async attempt(eventId: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) =>
      this.log.warn({ err: error, eventId }, 'What was freed could not be offered'),
    );
  }
}
