import type { Hall } from '../inventory/best-available.rules.js';
import type { EventMemory } from '../inventory/inventory-memory.service.js';

/** What the people who wait can be offered, at one moment. */
export interface Stock {
  /** Open: free, or kept for them. */
  readonly hall: Hall;
  /** Kept seats with the end of their time in ms. */
  readonly kept: ReadonlyMap<number, number>;
  readonly areas: readonly AreaStock[];
}

export interface AreaStock {
  /** Places that are free or kept. */
  readonly open: number;
  readonly kept: number;
  /** When the oldest of the kept places lapses, in ms. */
  readonly keptUntil: number;
  readonly price: number | null;
}

const FREE = 0;

/** For those who wait: seats that are free or kept for them, and areas as the database has them. */
export const stockOf = (memory: EventMemory, areas: readonly AreaStock[]): Stock => ({
  hall: hallOf(memory, (n) => memory.state(n) === FREE || memory.kept.has(n)),
  kept: new Map([...memory.kept].map((n) => [n, memory.deadline(n)])),
  areas,
});

/** For everyone: what could be held now, counting holds whose time is over since `lapsed` (ms). */
export const openStock = (memory: EventMemory, lapsed: number): Stock => ({
  hall: hallOf(memory, (n) => memory.isOpen(n, lapsed)),
  kept: new Map(),
  areas: areasOf(memory, ({ capacity, held, booked }) => capacity - held - booked),
});

/** The whole hall, as if nobody had bought anything. */
export const emptyStock = (memory: EventMemory): Stock => ({
  hall: hallOf(memory, () => true),
  kept: new Map(),
  areas: areasOf(memory, ({ capacity }) => capacity),
});

const hallOf = (memory: EventMemory, isOpen: (n: number) => boolean): Hall => ({
  count: memory.count,
  category: memory.seats.category,
  run: memory.seats.run,
  accessible: memory.seats.accessible,
  prices: memory.categoryPrices,
  isOpen,
});

const areasOf = (memory: EventMemory, open: (area: EventMemory['areas'][number]) => number): AreaStock[] =>
  memory.areas.map((area, index) => ({
    open: open(area),
    kept: 0,
    keptUntil: 0,
    price: memory.areaPrices[index] ?? null,
  }));
