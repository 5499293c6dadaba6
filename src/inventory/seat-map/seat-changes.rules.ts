import type { EventMemory } from '../memory/inventory-memory.service.js';

/** Seats by number and areas by index that were touched after some `seq`, whatever their state is now. */
export interface Touched {
  readonly seats: Set<number>;
  readonly areas: Set<number>;
}

/**
 * Changes a client lacks: (from, to], every touched seat once with its state at `to`, also when it equals that at
 * `from`.
 */
export interface SeatChanges {
  readonly eventId: string;
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly changes: [n: number, state: number][];
  readonly areas?: [area: string, held: number, booked: number][];
  readonly priceVersion: number;
}

export const nothing = (): Touched => ({ seats: new Set(), areas: new Set() });

/**
 * Adds what the rows kept in memory say was touched after `since`.
 * @returns false when they do not reach back that far
 */
export function addRecent(
  touched: Touched,
  { recent, seq }: Pick<EventMemory, 'recent' | 'seq'>,
  since: number,
): boolean {
  const missing = seq - since;
  if (missing < 0 || missing > recent.length) return false;
  for (let i = recent.length - missing; i < recent.length; i++) {
    const row = recent[i]!;
    for (const change of row.changes) touched.seats.add(change >> 2);
    for (let k = 0; k < row.areas.length; k += 3) touched.areas.add(row.areas[k]!);
  }
  return true;
}

/** The changes since `from` at the present `seq` of the memory; `touched` must hold all of (from, seq]. */
export function changesOf(memory: EventMemory, from: number, { seats, areas }: Touched): SeatChanges {
  return {
    eventId: memory.eventId,
    epoch: memory.epoch,
    from,
    to: memory.seq,
    changes: Array.from(seats, (n) => [n, memory.state(n)]),
    ...(areas.size > 0 && {
      areas: Array.from(areas, (index) => {
        const { name, held, booked } = memory.areas[index]!;
        return [name, held, booked];
      }),
    }),
    priceVersion: memory.recent.at(-1)?.priceVersion ?? memory.priceVersion,
  };
}

/** The changes since `from`, if the rows in memory reach back that far. */
export function changesSince(memory: EventMemory, from: number): SeatChanges | undefined {
  const touched = nothing();
  return addRecent(touched, memory, from) ? changesOf(memory, from, touched) : undefined;
}
