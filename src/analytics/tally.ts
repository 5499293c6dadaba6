import type { Sale } from './sale.rules.js';

/** Columns of sales_day; sales_hour has those in HOURLY. */
export const COUNTERS = [
  'holds',
  'orders',
  'released',
  'expired',
  'undone',
  'tickets',
  'cancelled',
  'gross',
  'returned',
  'refunds',
  'refunded',
  'joined',
  'wanted',
  'offered',
  'accepted',
  'declined',
  'missed',
  'gone',
  'closed',
] as const;
export type Counter = (typeof COUNTERS)[number];
export const HOURLY = ['holds', 'orders', 'tickets', 'gross', 'returned', 'refunded'] as const;

type Counts<C extends string> = Partial<Record<C, number>>;

/** `at`: milliseconds since 1970. */
type Instant = { readonly event: string; readonly at: number };
/** A seat, or a place of an area. */
type Place = { readonly event: string; readonly n: number | null; readonly area: number | null };
/** A refund, or the items of a booking that one is for: both know the cause. */
type Return = Instant & { readonly refund?: string; readonly booking?: string; readonly item?: string };

/**
 * What some facts add to the rollups. What adds up to nothing is kept as well: which rows there are must not depend on how
 * the facts were cut into batches.
 */
export class Tally {
  private readonly rows = new Map<string, Record<string, unknown>>();

  sales(event: string, at: Date, counts: Counts<Counter>): void {
    this.add('sales', { event, at: at.getTime() } satisfies Instant, counts);
  }

  place(place: Place, counts: Counts<'sold' | 'returned' | 'blocked'>): void {
    this.add('places', place, counts);
  }

  return(of: Return, counts: Counts<'refunds' | 'tickets' | 'amount'>): void {
    this.add('returns', of, counts);
  }

  /** @param sign 1 adds the sale, -1 takes it away */
  sale(event: string, booking: string, { heldAt, outcome, items, returns }: Sale, sign: 1 | -1): void {
    const one = (counter: Counter) => this.sales(event, heldAt, { [counter]: sign });
    one('holds');
    if (outcome === 'released' || outcome === 'expired') one(outcome);
    if (outcome === 'uncaptured') one('undone');
    if (outcome !== 'sold') return;
    this.sales(event, heldAt, { orders: sign, tickets: sign * items.length });
    this.minute(event, heldAt, { sold: sign * items.length });
    for (const [, n, area] of items) this.place({ event, n, area }, { sold: sign });
    for (const { at, items: back } of returns) {
      const tickets = sign * back.length;
      this.sales(event, heldAt, { cancelled: tickets });
      this.sales(event, at, { returned: tickets });
      this.minute(event, at, { returned: tickets });
      this.return({ event, at: at.getTime(), booking, item: back[0]! }, { tickets });
      for (const [id, n, area] of items)
        if (back.includes(id)) this.place({ event, n, area }, { returned: sign });
    }
  }

  /** As JSON lists by kind. */
  lists(): Record<'sales' | 'minutes' | 'places' | 'returns', unknown[]> {
    const lists = { sales: [], minutes: [], places: [], returns: [] } as Record<string, unknown[]>;
    for (const [key, row] of this.rows) lists[key.slice(0, key.indexOf(' '))]!.push(row);
    return lists as ReturnType<Tally['lists']>;
  }

  private minute(event: string, at: Date, counts: Counts<'sold' | 'returned'>): void {
    this.add('minutes', { event, at: Math.floor(at.getTime() / 60_000) * 60_000 }, counts);
  }

  private add(kind: string, of: object, counts: Record<string, number>): void {
    const key = `${kind} ${JSON.stringify(of)}`;
    const row: Record<string, unknown> = this.rows.get(key) ?? { ...of };
    for (const [name, count] of Object.entries(counts)) row[name] = ((row[name] as number) ?? 0) + count;
    this.rows.set(key, row);
  }
}
