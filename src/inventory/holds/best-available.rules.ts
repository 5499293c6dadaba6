/** Wish of a best-available request. Categories are indexes into the plan's categories. */
export interface Wish {
  readonly quantity: number;
  readonly categories?: readonly number[];
  /** true: accessible seats only. Otherwise they are given last. */
  readonly accessible?: boolean;
  /** true: next to each other or not at all. Otherwise next to each other where possible. */
  readonly together?: boolean;
  /** Highest price of one seat in minor units. */
  readonly maxPrice?: number;
}

/** The seats to pick from, as arrays over n; neighbours have consecutive numbers and share a run. */
export interface Hall {
  readonly count: number;
  readonly category: Uint8Array;
  readonly run: Int32Array;
  readonly accessible: Uint8Array;
  readonly prices: readonly (number | null)[];
  isOpen(n: number): boolean;
}

export type Pick = { seats: number[] } | { refused: 'sold_out' | 'no_adjacent_seats' };

interface Gap {
  first: number;
  size: number;
}

/**
 * Picks seats for wishes: the tightest gap of neighbours that holds the group, rather one that leaves no single seat
 * behind, the lowest numbers among equals. Without neighbours and without `together`: from the largest gaps first, so
 * that the group is torn as little as possible. Accessible seats go last to those who did not ask for them.
 *
 * One picker serves many wishes on the same state: a pass over 50,000 seats costs about a millisecond and is made once
 * for each kind of wish, not for each buyer.
 */
export class BestPicker {
  private readonly gaps = new Map<string, Gap[]>();

  constructor(private readonly hall: Hall) {}

  /** Seats that the wish would get; nothing changes. */
  find(wish: Wish): Pick {
    if (wish.accessible) return this.findAmong(wish, true);
    const first = this.findAmong(wish, false);
    if ('seats' in first) return first;
    return wish.together ? this.findAmong(wish, undefined) : this.findRest(wish);
  }

  /** Every ordinary seat, of which there are too few, and the accessible ones nearest to them. */
  private findRest(wish: Wish): Pick {
    const [ordinary, accessible] = [false, true].map((kind) =>
      this.gapsOf(wish, kind)
        .flatMap(({ first, size }) => range(first, size))
        .filter((n) => this.hall.isOpen(n)),
    ) as [number[], number[]];
    if (ordinary.length === 0) return this.findAmong(wish, true);
    const missing = wish.quantity - ordinary.length;
    if (accessible.length < missing) return { refused: 'sold_out' };
    const away = (n: number) => Math.min(...ordinary.map((other) => Math.abs(n - other)));
    const nearest = accessible.toSorted((a, b) => away(a) - away(b) || a - b).slice(0, missing);
    return { seats: [...ordinary, ...nearest].sort((a, b) => a - b) };
  }

  private findAmong(wish: Wish, accessible: boolean | undefined): Pick {
    for (;;) {
      const gaps = this.gapsOf(wish, accessible);
      const pick = choose(gaps, wish);
      if ('refused' in pick || pick.seats.every((n) => this.hall.isOpen(n))) return pick;
      this.gaps.set(keyOf(wish, accessible), this.mend(gaps, pick.seats));
    }
  }

  private gapsOf(wish: Wish, accessible: boolean | undefined): Gap[] {
    const key = keyOf(wish, accessible);
    let gaps = this.gaps.get(key);
    if (!gaps) {
      gaps = findGaps(0, this.hall.count, this.hall.run, (n) => wanted(this.hall, wish, accessible, n));
      this.gaps.set(key, gaps);
    }
    return gaps;
  }

  /** Splits the gaps that contain seats taken since the pass. Seats never become free again while a picker lives. */
  private mend(gaps: Gap[], suspects: number[]): Gap[] {
    return gaps.flatMap((gap) => {
      const end = gap.first + gap.size;
      if (!suspects.some((n) => n >= gap.first && n < end)) return [gap];
      return findGaps(gap.first, end, this.hall.run, this.hall.isOpen);
    });
  }
}

const keyOf = ({ categories, maxPrice }: Wish, accessible: boolean | undefined): string =>
  JSON.stringify([categories, maxPrice, accessible]);

function choose(gaps: Gap[], { quantity, together }: Wish): Pick {
  const adjacent = tightest(gaps, quantity);
  if (adjacent) return { seats: range(adjacent.first, quantity) };
  if (gaps.reduce((sum, gap) => sum + gap.size, 0) < quantity) return { refused: 'sold_out' };
  return together ? { refused: 'no_adjacent_seats' } : { seats: scattered(gaps, quantity) };
}

function wanted(
  hall: Hall,
  { categories, maxPrice }: Wish,
  accessible: boolean | undefined,
  n: number,
): boolean {
  if (accessible !== undefined && (hall.accessible[n] === 1) !== accessible) return false;
  const category = hall.category[n]!;
  if (categories && !categories.includes(category)) return false;
  const price = hall.prices[category];
  return (
    price !== null && price !== undefined && (maxPrice === undefined || price <= maxPrice) && hall.isOpen(n)
  );
}

function findGaps(from: number, end: number, run: Int32Array, open: (n: number) => boolean): Gap[] {
  const gaps: Gap[] = [];
  let gap: Gap | undefined;
  for (let n = from; n < end; n++) {
    if (!open(n)) {
      gap = undefined;
    } else if (gap && run[n] === run[n - 1]) {
      gap.size++;
    } else {
      gap = { first: n, size: 1 };
      gaps.push(gap);
    }
  }
  return gaps;
}

function tightest(gaps: Gap[], quantity: number): Gap | undefined {
  const cost = (gap: Gap) => gap.size + (gap.size === quantity + 1 ? 1_000_000 : 0);
  let best: Gap | undefined;
  for (const gap of gaps) if (gap.size >= quantity && (!best || cost(gap) < cost(best))) best = gap;
  return best;
}

function scattered(gaps: Gap[], quantity: number): number[] {
  const seats: number[] = [];
  for (const gap of gaps.toSorted((a, b) => b.size - a.size || a.first - b.first)) {
    seats.push(...range(gap.first, Math.min(gap.size, quantity - seats.length)));
    if (seats.length === quantity) break;
  }
  return seats.sort((a, b) => a - b);
}

const range = (first: number, length: number): number[] => Array.from({ length }, (_, i) => first + i);
