import type { HeldItem } from '../bookings/bookings.facts.js';
import type { AnyFact, Fact } from '../platform/facts/fact-map.js';

/** A booking as sales see it. */
export interface Sale {
  /** Instant at which the sale counts. */
  readonly heldAt: Date;
  /** Uncaptured: confirmed, but then the provider would not capture the money. */
  readonly outcome: 'open' | 'released' | 'expired' | 'sold' | 'uncaptured';
  /** Confirmed items; before the confirmation, the held items. */
  readonly items: readonly HeldItem[];
  readonly returns: readonly { readonly at: Date; readonly items: readonly string[] }[];
}

/** The kinds of facts of a booking that change its sale. */
export const SALE_FACTS = [
  'booking.held',
  'booking.confirmed',
  'booking.restored',
  'booking.replaced',
  'booking.released',
  'booking.expired',
  'booking.cancelled',
] as const;
type SaleFact = Fact<(typeof SALE_FACTS)[number]>;

/** The sale that the facts of a booking, oldest first, make; others among them change nothing. */
export function saleOf(history: readonly AnyFact[]): Sale | undefined {
  let sale: Sale | undefined;
  for (const fact of history as readonly SaleFact[]) sale = next(sale, fact);
  return sale;
}

function next(sale: Sale | undefined, fact: SaleFact): Sale | undefined {
  if (fact.type === 'booking.held')
    return { heldAt: fact.occurredAt, outcome: 'open', items: fact.data.items, returns: [] };
  if (!sale) return undefined;
  switch (fact.type) {
    case 'booking.confirmed':
    case 'booking.restored':
      return { ...sale, outcome: 'sold' };
    case 'booking.replaced': {
      const { items, added } = fact.data;
      const kept = sale.items.filter(([id]) => items.includes(id));
      return { ...sale, outcome: 'sold', items: [...kept, ...added] };
    }
    case 'booking.released':
      return { ...sale, outcome: 'released' };
    case 'booking.expired':
      return { ...sale, outcome: 'expired' };
    case 'booking.cancelled': {
      // Refunds name the items. Without any the whole sale was taken back: see checkout_undo_v1.
      const { items } = fact.data;
      if (!items) return { ...sale, outcome: 'uncaptured' };
      return { ...sale, returns: [...sale.returns, { at: fact.occurredAt, items }] };
    }
    default:
      return sale;
  }
}
