import { EventMemory } from '../../src/inventory/memory/event-memory.js';
import type { FeedRow, Snapshot } from '../../src/inventory/memory/feed.js';

/** The memory of a small event: one digit of `states` for each seat, two sections, two areas. */
export function memoryOf(states: string, change: Partial<Snapshot> & { asOf?: number } = {}): EventMemory {
  const { asOf = 0, ...snapshot } = change;
  const numbers = Array.from(states, (_, n) => n);
  return new EventMemory(
    'event',
    'plan',
    snapshot.epoch ?? 'epoch',
    {
      sections: ['West', 'East'],
      unnamed: undefined,
      categories: ['Stalls', 'Box'],
      section: Uint16Array.from(numbers, (n) => (n < 4 ? 0 : 1)),
      category: Uint8Array.from(numbers, (n) => (n < 4 ? 0 : 1)),
      run: Int32Array.from(numbers, (n) => (n < 4 ? 0 : 1)),
      accessible: new Uint8Array(numbers.length),
      labels: numbers.map((n) => `${n}`),
      rows: numbers.map(() => '1'),
      numbers: numbers.map((n) => `${n}`),
    },
    {
      planId: 'plan',
      sandbox: false,
      epoch: 'epoch',
      seq: 10,
      states,
      deadlines: [],
      areas: [
        { name: 'Floor', capacity: 50, held: 1, booked: 2 },
        { name: 'Balcony', capacity: 20, held: 0, booked: 0 },
      ],
      priceVersion: 1,
      categoryPrices: [2000, 1000],
      areaPrices: [500, null],
      ...snapshot,
    },
    asOf,
  );
}

/** A row of the feed that sets these seats to these states. */
export const feedRow = (
  seq: number,
  seats: readonly (readonly [n: number, state: number])[] = [],
  change: Partial<FeedRow> = {},
): FeedRow => ({
  seq,
  changes: seats.map(([n, state]) => n * 4 + state),
  areas: [],
  until: 0,
  priceVersion: 1,
  reservedForWaitlist: [],
  reservedUntil: 0,
  ...change,
});
