import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InventoryService } from '../inventory/changes/inventory.service.js';
import { InventoryMemoryService } from '../inventory/memory/inventory-memory.service.js';
import { OnDuty } from '../platform/jobs/duty.decorators.js';
import { Every } from '../platform/jobs/jobs.decorators.js';
import { type Line, LineRepository } from './line.repository.js';
import { MatcherService } from './matcher.service.js';

const A_CALL = 100;
const CLOSED_A_CALL = 1_000;

/**
 * Runs the matcher as soon as memory hears of kept seats, and each second, on every replica: seats are kept for a
 * minute only, so the matcher must not wait for the lease of a replica that died.
 */
@Injectable()
export class MatcherJobs implements OnApplicationShutdown {
  private readonly log = new Logger(MatcherJobs.name);
  /** By event, the stamp of the line that was last looked at. */
  private readonly stamps = new Map<string, string>();
  private unsubscribe: () => void = () => {};

  constructor(
    private readonly lines: LineRepository,
    private readonly matcher: MatcherService,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemoryService,
  ) {}

  @OnDuty('waitlist')
  listen(): void {
    this.unsubscribe = this.memories.onChange(({ eventId }, rows) => {
      if (rows.some(({ reservedForWaitlist }) => reservedForWaitlist.length > 0))
        void this.attempt(eventId, () => this.matcher.match(eventId));
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  @Every({ name: 'waitlist.match', seconds: 1, everywhere: true, duty: 'waitlist' })
  async look(): Promise<void> {
    const lines = await this.lines.lines();
    for (const line of lines) await this.attempt(line.eventId, () => this.attend(line));
    const open = new Set(lines.map(({ eventId }) => eventId));
    for (const eventId of this.stamps.keys()) if (!open.has(eventId)) this.stamps.delete(eventId);
  }

  private async attend({ eventId, over, overdue, placesReserved, stamp }: Line): Promise<void> {
    if (over) return this.close(eventId);
    // Sweeps here too, in case no sweeper runs: otherwise these seats would go to strangers a minute later.
    if (overdue) while ((await this.inventory.sweep(eventId, A_CALL)) === A_CALL);
    const memory = await this.memories.fresh(eventId);
    if (this.stamps.get(eventId) === stamp && !placesReserved && memory?.reservedForWaitlist.size === 0)
      return;
    await this.matcher.match(eventId);
    this.stamps.set(eventId, stamp);
  }

  private async close(eventId: string): Promise<void> {
    for (let ended = CLOSED_A_CALL; ended === CLOSED_A_CALL; ) {
      const result = await this.inventory.commitChange(eventId, (since) =>
        this.lines.close(eventId, CLOSED_A_CALL, since),
      );
      ended = result.ended ?? 0;
    }
  }

  /** One event that fails must not keep the others waiting; it is looked at again a second later. */
  private async attempt(eventId: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) =>
      this.log.warn({ err: error, eventId }, 'Freed seats could not be offered to the waitlist'),
    );
  }
}
