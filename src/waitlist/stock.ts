import type { Hall } from '../inventory/holds/best-available.rules.js';
import type { EventMemory } from '../inventory/memory/inventory-memory.service.js';
import { SEAT } from '../platform/common/seat-states.js';

/** Seats and places that can be offered to the people who wait, at one moment. */
export interface Stock {
  /** Open: free, or kept for them. */
  readonly hall: Hall;
  /** Kept seats with the end of their time in ms. */
  readonly reservedForWaitlist: ReadonlyMap<number, number>;
  readonly areas: readonly AreaStock[];
}

export interface AreaStock {
  /** Places that are free or kept. */
  readonly open: number;
  readonly reservedForWaitlist: number;
  /** When the oldest of the kept places lapses, in ms. */
  readonly reservedUntil: number;
  readonly price: number | null;
}

/** For those who wait: seats that are free or kept for them, and areas as the database has them. */
export const stockOf = (memory: EventMemory, areas: readonly AreaStock[]): Stock => ({
  hall: hallOf(memory, (n) => memory.state(n) === SEAT.FREE || memory.reservedForWaitlist.has(n)),
  reservedForWaitlist: new Map([...memory.reservedForWaitlist].map((n) => [n, memory.deadline(n)])),
  areas,
});

/** For everyone: what could be held now, counting holds whose time is over since `lapsed` (ms). */
export const openStock = (memory: EventMemory, lapsed: number): Stock => ({
  hall: hallOf(memory, (n) => memory.isOpen(n, lapsed)),
  reservedForWaitlist: new Map(),
  areas: areasOf(memory, ({ capacity, held, booked }) => capacity - held - booked),
});

/** The whole hall, as if nobody had bought anything. */
export const emptyStock = (memory: EventMemory): Stock => ({
  hall: hallOf(memory, () => true),
  reservedForWaitlist: new Map(),
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
    reservedForWaitlist: 0,
    reservedUntil: 0,
    price: memory.areaPrices[index] ?? null,
  }));
