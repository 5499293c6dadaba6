import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import type { CatchUp, FeedRow, Position, Prices, Snapshot } from '../../src/inventory/memory/feed.js';
import type { InventoryRepository } from '../../src/inventory/memory/inventory.repository.js';
import { InventoryMemoryService } from '../../src/inventory/memory/inventory-memory.service.js';
import type { Config } from '../../src/platform/config/config.js';
import { MetersService } from '../../src/platform/observability/meters.service.js';
import type { PlansService } from '../../src/venues/plans.service.js';
import { feedRow } from './inventory-memory.js';

/** Rows that one answer carries at most. */
const MOST_ROWS = 5;

interface StoredEvent {
  states: number[];
  seq: number;
  rows: FeedRow[];
  prices: Prices;
}

/** The feed of some events and a memory that reads it: what the database does for a replica, without one. */
export class FeedTable {
  readonly events = new Map<string, StoredEvent>();
  epoch = 'epoch';
  now = 5_000_000;
  /** Calls that the memory has made. */
  readonly calls: string[] = [];
  /** Calls wait for this before they answer. */
  gate: Promise<void> = Promise.resolve();
  fails = false;
  readonly registry = new Registry();
  readonly meters = new MetersService(this.registry, { metrics: 'on' } as unknown as Config);
  readonly memory: InventoryMemoryService;

  constructor() {
    const repository: Pick<InventoryRepository, 'load' | 'prices' | 'catchUp'> = {
      load: async (id) => this.answer(`load ${id}`, () => this.snapshot(id)),
      prices: async (id) => this.answer(`prices ${id}`, () => ({ ...this.event(id).prices })),
      catchUp: async (positions) =>
        this.answer('catchUp', () => ({
          epoch: this.epoch,
          now: this.now,
          events: positions.flatMap((position) => this.since(position)),
        })),
    };
    const plans: Pick<PlansService, 'layout'> = {
      layout: async (id) => {
        this.calls.push(`layout ${id}`);
        const seat = { guid: '', x: 0, y: 0 };
        return {
          name: '',
          width: 0,
          height: 0,
          sections: ['West'],
          unnamed: 0,
          categories: [{ name: 'Stalls', color: '' }],
          areas: [],
          shapes: [],
          seats: Array.from({ length: 4 }, (_, n) => ({
            ...seat,
            n,
            label: `A-${n}`,
            row: `${(n >> 1) + 1}`,
            number: `${n}`,
            section: 0,
            category: 0,
            run: n >> 1,
            accessible: n === 3,
          })),
        };
      },
    };
    this.memory = new InventoryMemoryService(
      repository as InventoryRepository,
      plans as PlansService,
      this.meters,
    );
  }

  /** Publishes an event of four seats. */
  publish(...ids: string[]): void {
    for (const id of ids)
      this.events.set(id, {
        states: [0, 0, 0, 0],
        seq: 1,
        rows: [],
        prices: { priceVersion: 1, categoryPrices: [2000], areaPrices: [] },
      });
  }

  event(id: string): StoredEvent {
    const found = this.events.get(id);
    assert.ok(found, id);
    return found;
  }

  /** Commits a change of one seat, as another replica does. @returns its row */
  commit(id: string, n: number, state: number): FeedRow {
    const event = this.event(id);
    event.states[n] = state;
    const row = feedRow(++event.seq, [[n, state]], { priceVersion: event.prices.priceVersion });
    event.rows.push(row);
    return row;
  }

  setPrice(id: string, price: number): FeedRow {
    const event = this.event(id);
    event.prices = {
      priceVersion: event.prices.priceVersion + 1,
      categoryPrices: [price],
      areaPrices: [],
    };
    const row = feedRow(++event.seq, [], { priceVersion: event.prices.priceVersion });
    event.rows.push(row);
    return row;
  }

  private async answer<T>(call: string, read: () => T): Promise<T> {
    this.calls.push(call);
    const found = read();
    await this.gate;
    if (this.fails) throw new Error('The database is away');
    return found;
  }

  private snapshot(id: string): Snapshot | undefined {
    const event = this.events.get(id);
    return (
      event && {
        planId: 'plan',
        sandbox: false,
        epoch: this.epoch,
        seq: event.seq,
        states: event.states.join(''),
        deadlines: [],
        areas: [],
        ...event.prices,
      }
    );
  }

  private since({ eventId, seq }: Position): CatchUp[] {
    const event = this.events.get(eventId);
    if (!event) return [];
    const rows = event.rows.filter((row) => row.seq > seq);
    return [
      {
        eventId,
        seq: event.seq,
        rows: rows.length > MOST_ROWS ? null : rows,
        age: rows.length === 0 ? null : 0.5,
      },
    ];
  }
}
