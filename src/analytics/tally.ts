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
type Rows = Map<string, Record<string, unknown>>;

const MINUTE = 60_000;

/** `at`: a minute, in milliseconds since 1970. Days and hours begin with one wherever clocks are. */
type Minute = { readonly event: string; readonly at: number };
/** A seat, or a place of an area. */
type Place = { readonly event: string; readonly n: number | null; readonly area: number | null };
/** A refund, or the items of a booking that one is for: both know the cause. */
type Return = Minute & { readonly refund?: string; readonly booking?: string; readonly item?: string };

/** How a sale that did not come about is counted. */
const ENDS = { open: {}, released: { released: 1 }, expired: { expired: 1 }, uncaptured: { undone: 1 } };

const minuteOf = (at: Date): number => Math.floor(at.getTime() / MINUTE) * MINUTE;

/**
 * Sums that a batch of facts adds to the rollups. Sums of zero are kept as well: the set of rows must not depend on how
 * the facts were cut into batches.
 */
export class Tally {
  private readonly rows = {
    sales: new Map() as Rows,
    minutes: new Map() as Rows,
    places: new Map() as Rows,
    returns: new Map() as Rows,
  };

  /** @param sign 1 adds the counts, -1 takes them away */
  sales(event: string, when: Date, counts: Counts<Counter>, sign: 1 | -1 = 1): void {
    const at = minuteOf(when);
    add(this.rows.sales, event + at, { event, at } satisfies Minute, counts, sign);
  }

  refund(event: string, when: Date, refund: string, amount: number): void {
    this.sales(event, when, { refunds: 1, refunded: amount });
    this.return({ event, at: minuteOf(when), refund }, { refunds: 1, amount });
  }

  /** @param sign 1 adds the sale, -1 takes it away */
  sale(event: string, booking: string, { heldAt, outcome, items, returns }: Sale, sign: 1 | -1): void {
    if (outcome !== 'sold') return this.sales(event, heldAt, { holds: 1, ...ENDS[outcome] }, sign);
    const tickets = items.length;
    this.sales(event, heldAt, { holds: 1, orders: 1, tickets }, sign);
    this.minute(event, heldAt, { sold: tickets }, sign);
    for (const [, n, area] of items) this.place({ event, n, area }, { sold: 1 }, sign);
    for (const { at, items: back } of returns) {
      this.sales(event, heldAt, { cancelled: back.length }, sign);
      this.sales(event, at, { returned: back.length }, sign);
      this.minute(event, at, { returned: back.length }, sign);
      this.return({ event, at: minuteOf(at), booking, item: back[0]! }, { tickets: back.length }, sign);
      for (const [id, n, area] of items)
        if (back.includes(id)) this.place({ event, n, area }, { returned: 1 }, sign);
    }
  }

  /** As lists by kind. */
  lists(): Record<'sales' | 'minutes' | 'places' | 'returns', unknown[]> {
    const { sales, minutes, places, returns } = this.rows;
    const list = (rows: Rows) => [...rows.values()];
    return { sales: list(sales), minutes: list(minutes), places: list(places), returns: list(returns) };
  }

  private place(place: Place, counts: Counts<'sold' | 'returned'>, sign: 1 | -1): void {
    add(this.rows.places, `${place.event} ${place.n} ${place.area}`, place, counts, sign);
  }

  private minute(event: string, when: Date, counts: Counts<'sold' | 'returned'>, sign: 1 | -1): void {
    const at = minuteOf(when);
    add(this.rows.minutes, event + at, { event, at } satisfies Minute, counts, sign);
  }

  private return(of: Return, counts: Counts<'refunds' | 'tickets' | 'amount'>, sign: 1 | -1 = 1): void {
    add(this.rows.returns, `${of.at} ${of.refund ?? `${of.booking} ${of.item}`}`, of, counts, sign);
  }
}

function add(rows: Rows, key: string, of: object, counts: Counts<string>, sign: 1 | -1): void {
  let row = rows.get(key);
  if (!row) {
    row = { ...of };
    rows.set(key, row);
  }
  for (const name in counts) row[name] = ((row[name] as number) ?? 0) + sign * counts[name]!;
}
