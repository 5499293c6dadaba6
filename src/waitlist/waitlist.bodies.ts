import type { EventMemory } from '../inventory/memory/inventory-memory.service.js';
import type { Demand, EntryRecord } from './entries.repository.js';
import type { DemandBody, EntryBody } from './waitlist.schemas.js';

/** Past entries needed to print the odds: fewer give no reliable number, and reveal too much about single persons. */
const LEAST_PAST_WAITERS = 20;

export type Names = Pick<EventMemory, 'seats' | 'areas'>;

export function toEntryBody(entry: EntryRecord, { seats, areas }: Names): EntryBody {
  const {
    id,
    eventId,
    state,
    quantity,
    minQuantity,
    together,
    accessible,
    maxPrice,
    position,
    served,
    gone,
  } = entry;
  return {
    id,
    eventId,
    state,
    quantity,
    minQuantity,
    together,
    accessible,
    categories: entry.categories?.map((category) => seats.categories[category]!) ?? null,
    areas: entry.areas?.map((area) => areas[area]!.name) ?? null,
    maxPrice,
    joinedAt: entry.joinedAt.toISOString(),
    position,
    odds: state === 'waiting' && gone >= LEAST_PAST_WAITERS ? Math.round((served / gone) * 100) / 100 : null,
    offer:
      state === 'offered'
        ? {
            bookingId: entry.bookingId!,
            quantity: entry.offered!,
            expiresAt: entry.offerUntil!.toISOString(),
          }
        : null,
  };
}

const NOBODY = { waiting: 0, offered: 0, accepted: 0, declined: 0, expired: 0, left: 0, closed: 0 };

export const toDemandBody = (demand: Demand, categories: readonly string[]): DemandBody => ({
  ...demand,
  states: { ...NOBODY, ...demand.states },
  byCategory: demand.byCategory.map(({ category, entries }) => ({
    category: categories[category]!,
    entries,
  })),
});
