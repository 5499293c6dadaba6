import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SharedRun } from '../../platform/common/shared-run.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { PlansService } from '../../venues/plans.service.js';
import { EventMemory, type SeatStatics } from './event-memory.js';
import { type ChangeResult, type FeedRow, toFeedRows } from './feed.js';
import { InventoryRepository } from './inventory.repository.js';

export type { EventMemory } from './event-memory.js';

const POLL_MS = 250;
const EVENTS_KEPT = 256;
const IDLE_MS = 10 * 60_000;

type Listener = (memory: EventMemory, rows: readonly FeedRow[]) => void;

/**
 * The inventories in use on this replica. The feed table is the source: it is polled for all of them in one query, and
 * every change made here brings its own rows along.
 */
@Injectable()
export class InventoryMemoryService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(InventoryMemoryService.name);
  private readonly events = new LRUCache<string, EventMemory>({
    max: EVENTS_KEPT,
    ttl: IDLE_MS,
    updateAgeOnGet: true,
  });
  /** Events that somebody watches: never evicted, however many there are. */
  private readonly pinned = new Map<string, { memory: EventMemory | undefined; pins: number }>();
  private readonly loading = new Map<string, Promise<EventMemory | undefined>>();
  private readonly statics = new LRUCache<string, SeatStatics>({ max: EVENTS_KEPT });
  private readonly listeners = new Set<Listener>();
  private readonly turns = new SharedRun(() => this.poll());
  private timer: NodeJS.Timeout | undefined;
  private epoch: string | undefined;
  private clockOffset = 0;
  private readonly lag: (seconds: number) => void;

  constructor(
    private readonly inventory: InventoryRepository,
    private readonly plans: PlansService,
    meters: MetersService,
  ) {
    this.lag = meters
      .histogram(
        'evently_feed_lag_seconds',
        'Age of the newest change that another replica made to an event, when this replica learns of it',
        [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30],
      )
      .child();
    meters.gauge(
      'evently_inventory_events',
      'Events whose seats this replica keeps in memory',
      () => this.inUse().length,
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if ((this.events.size > 0 || this.pinned.size > 0) && !this.turns.running)
        this.catchUp().catch((error) => this.logger.warn(`Feed poll failed: ${error.message}`));
    }, POLL_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The database's clock in ms, as last heard. */
  now(): number {
    return Date.now() + this.clockOffset;
  }

  heardClock(now: number): void {
    this.clockOffset = now - Date.now();
  }

  /** Calls the listener after every applied change, and without rows when an event was reloaded. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The event's memory, loaded on first use; undefined when it has no inventory (never published). */
  async open(eventId: string): Promise<EventMemory | undefined> {
    return this.peek(eventId) ?? this.load(eventId);
  }

  peek(eventId: string): EventMemory | undefined {
    return this.events.get(eventId) ?? this.pinned.get(eventId)?.memory;
  }

  /** Keeps an event in memory and up to date until the function that this returns is called. */
  pin(eventId: string): () => void {
    const pinned = this.pinned.get(eventId) ?? { memory: this.peek(eventId), pins: 0 };
    pinned.pins++;
    this.pinned.set(eventId, pinned);
    return () => {
      if (--pinned.pins === 0) this.pinned.delete(eventId);
    };
  }

  /**
   * Resolves when memory holds at least what was committed when this was called. All who ask within a turn share one
   * query, which begins after the last of them asked.
   */
  catchUp(): Promise<void> {
    return this.turns.join();
  }

  /** The event's memory, at least as new as this call. */
  async fresh(eventId: string): Promise<EventMemory | undefined> {
    const asked = performance.now();
    const memory = await this.open(eventId);
    // A load that was under way may have begun before this call.
    if (!memory || memory.asOf >= asked) return memory;
    await this.catchUp();
    return this.open(eventId);
  }

  /** Takes over the rows that a change returned. */
  async learn(eventId: string, result: Pick<ChangeResult, 'rows' | 'seq'>): Promise<void> {
    if (result.seq === undefined) return;
    await this.apply(eventId, result.rows ? toFeedRows(result.rows) : null, result.seq);
  }

  async apply(eventId: string, rows: readonly FeedRow[] | null, seq: number): Promise<void> {
    const memory = this.peek(eventId);
    if (!memory || seq <= memory.seq) return;
    const before = memory.seq;
    if (!rows || !memory.apply(rows) || memory.seq < seq) {
      await this.reload(eventId);
      return;
    }
    const applied = rows.filter((row) => row.seq > before);
    if (applied.at(-1)!.priceVersion !== memory.priceVersion)
      Object.assign(memory, await this.inventory.prices(eventId));
    this.tell(memory, applied);
  }

  private async poll(): Promise<void> {
    await this.reloadLost();
    const asked = performance.now();
    const positions = this.inUse().map(({ eventId, seq }) => ({ eventId, seq }));
    const { epoch, now, events } = await this.inventory.catchUp(positions);
    this.heardClock(now);
    if (this.epoch !== undefined && this.epoch !== epoch) {
      this.logger.warn('The database was restored or promoted: loading every inventory anew');
      await Promise.all(positions.map(({ eventId }) => this.reload(eventId)));
    }
    this.epoch = epoch;
    // Rows that a batch of this replica brought while the query was under way are not counted.
    for (const { eventId, seq, age } of events)
      if (age !== null && seq > (this.peek(eventId)?.seq ?? 0)) this.lag(age);
    await Promise.all(events.map(({ eventId, rows, seq }) => this.apply(eventId, rows, seq)));
    for (const { eventId, seq } of events) {
      const memory = this.peek(eventId);
      if (memory && memory.seq >= seq) memory.asOf = Math.max(memory.asOf, asked);
    }
  }

  private inUse(): EventMemory[] {
    const pinned = [...this.pinned.values()].flatMap(({ memory }) => memory ?? []);
    return [...new Set([...this.events.values(), ...pinned])];
  }

  /** Loads watched events again whose load failed. */
  private async reloadLost(): Promise<void> {
    for (const [eventId, { memory }] of this.pinned) if (!memory) await this.reload(eventId);
  }

  private async reload(eventId: string): Promise<void> {
    this.events.delete(eventId);
    const pinned = this.pinned.get(eventId);
    if (pinned) pinned.memory = undefined;
    const memory = await this.load(eventId);
    if (memory) this.tell(memory, []);
  }

  private load(eventId: string): Promise<EventMemory | undefined> {
    const under = this.loading.get(eventId);
    if (under) return under;
    const load = this.read(eventId).finally(() => this.loading.delete(eventId));
    this.loading.set(eventId, load);
    return load;
  }

  private async read(eventId: string): Promise<EventMemory | undefined> {
    const asked = performance.now();
    const snapshot = await this.inventory.load(eventId);
    if (!snapshot) return undefined;
    this.epoch ??= snapshot.epoch;
    const memory = new EventMemory(
      eventId,
      snapshot.planId,
      snapshot.epoch,
      await this.staticsOf(snapshot.planId),
      snapshot,
      asked,
    );
    this.events.set(eventId, memory);
    const pinned = this.pinned.get(eventId);
    if (pinned) pinned.memory = memory;
    return memory;
  }

  private async staticsOf(planId: string): Promise<SeatStatics> {
    const known = this.statics.get(planId);
    if (known) return known;
    const { seats, sections, unnamed, categories } = await this.plans.layout(planId);
    const statics: SeatStatics = {
      sections,
      unnamed,
      categories: categories.map((c) => c.name),
      section: Uint16Array.from(seats, (s) => s.section),
      category: Uint8Array.from(seats, (s) => s.category),
      run: Int32Array.from(seats, (s) => s.run),
      accessible: Uint8Array.from(seats, (s) => (s.accessible ? 1 : 0)),
      labels: seats.map((s) => s.label),
      rows: seats.map((s) => s.row),
      numbers: seats.map((s) => s.number),
    };
    this.statics.set(planId, statics);
    return statics;
  }

  private tell(memory: EventMemory, rows: readonly FeedRow[]): void {
    for (const listener of this.listeners) listener(memory, rows);
  }
}
