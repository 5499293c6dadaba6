import type { SeatMap } from '@evently/client';
import { runsOfHall } from './runs.js';

/** Lowest and highest price of a seat, in minor units. */
export interface Limits {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

/** Seats that somebody looks for; all when nothing is said. */
export interface Wanted extends Limits {
  /** Index of a category. */
  readonly category?: number | undefined;
  /** At least so many free ones side by side. */
  readonly neighbours?: number | undefined;
}

export const EVERYTHING: Wanted = {};

export const isWithin = (price: number, { least = 0, most = Infinity }: Limits): boolean =>
  price >= least && price <= most;

export const isLimited = ({ least, most }: Limits): boolean => least !== undefined || most !== undefined;

/** Tells the seats that somebody looks for from the others, as the map is now. */
export class SeatFilter {
  constructor(
    private readonly map: SeatMap,
    private readonly wanted: Wanted,
  ) {}

  get isOn(): boolean {
    return Object.values(this.wanted).some((value) => value !== undefined);
  }

  /** Whether a seat is shown in full. One that is taken has the category and the price that are asked for. */
  readonly shows = (n: number): boolean => {
    if (!this.fits(n)) return false;
    const { neighbours = 1 } = this.wanted;
    return neighbours < 2 || !this.map.isFree(n) || this.sizeOfGap(n, neighbours) >= neighbours;
  };

  /** Whether any can be had. */
  get offersAny(): boolean {
    const { count } = this.map.geometry;
    for (let n = 0; n < count; n++) if (this.offers(n)) return true;
    return false;
  }

  /** A seat that can be had and is wanted. */
  readonly offers = (n: number): boolean =>
    this.map.isFree(n) && this.map.priceOf(n) !== undefined && this.shows(n);

  /** These seats, and those that are wanted for having them beside. */
  around(changed: Iterable<number>): Iterable<number> {
    const { neighbours = 1 } = this.wanted;
    if (neighbours < 2) return changed;
    const runs = runsOfHall(this.map.geometry);
    const touched = new Set(changed);
    for (const n of changed)
      for (let away = 1; away < neighbours; away++)
        for (const beside of [n - away, n + away]) if (runs[beside] === runs[n]) touched.add(beside);
    return touched;
  }

  private fits(n: number): boolean {
    const { category } = this.wanted;
    if (category !== undefined && this.map.geometry.seats.category[n] !== category) return false;
    if (!isLimited(this.wanted)) return true;
    const price = this.map.priceOf(n);
    return price !== undefined && isWithin(price, this.wanted);
  }

  /** Free seats side by side that this one is among, counted up to `enough`. */
  private sizeOfGap(n: number, enough: number): number {
    const runs = runsOfHall(this.map.geometry);
    const counts = (other: number) => runs[other] === runs[n] && this.map.isFree(other) && this.fits(other);
    let size = 1;
    for (let left = n - 1; size < enough && counts(left); left--) size++;
    for (let right = n + 1; size < enough && counts(right); right++) size++;
    return size;
  }
}
