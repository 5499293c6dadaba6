import { BestPicker } from '../inventory/holds/best-available.rules.js';
import { type Wish, wantsPlace, wantsSeat } from './entry.rules.js';
import type { Stock } from './stock.js';

export interface WaitingEntry extends Wish {
  readonly id: string;
  /** Number of times, since its last turn, that freed seats which the entry could have used went to others. */
  readonly bypassed: number;
}

/** Entry that freed seats are collected for, and the end of that time (ms). */
export interface Collector {
  readonly id: string;
  readonly until: number;
}

export interface Policy {
  /** Number of bypasses after which freed seats are collected for an entry. */
  readonly bypasses: number;
}

export interface PlannedOffer {
  readonly entry: string;
  readonly quantity: number;
  /** Empty when places of `area` are offered. */
  readonly seats: readonly number[];
  readonly area: number | null;
  /** Entries before it that could have used some of this. */
  readonly bypassed: readonly string[];
}

export interface Plan {
  readonly offers: readonly PlannedOffer[];
  /** The time of the collector is over: all bypasses are counted from zero. */
  readonly restart: boolean;
  /** The entry to collect for from now on. */
  readonly collect: string | null;
  /** Entries that could have used some of what goes back on sale. */
  readonly bypassed: readonly string[];
  /** Kept seats to keep for another minute. */
  readonly keep: readonly number[];
  /** Kept seats that go back on sale. */
  readonly free: readonly number[];
  readonly areas: readonly (readonly [area: number, keep: number, free: number])[];
}

/** Kept seats are kept again when less than this is left of their minute. */
const RENEW_MS = 30_000;

/**
 * Plans who is offered what, in the order in which people joined (`serve` them in it, then `finish`). Everyone gets as
 * many seats as possible, at least the smallest acceptable number, or is passed by.
 *
 * Two bounds keep groups of any size from starving. First, freed seats are collected for an entry that was passed by so
 * often (`bypasses`): they go neither to later entries nor back on sale. Second, that lasts for a limited time, after
 * which everyone's bypasses are counted from zero, so that the others get as many offers again before seats are
 * collected anew. The public is last in line: seats that go back on sale pass by every entry that could have used some
 * of them.
 */
export class Planner {
  private readonly offers: PlannedOffer[] = [];
  /** Entries that could not be served, each with the number of times it was passed by so far. */
  private readonly passed = new Map<WaitingEntry, number>();
  private readonly taken = new Set<number>();
  private readonly takenPlaces: number[];
  private readonly picker: BestPicker;
  private readonly restart: boolean;
  private collect: string | null = null;
  /** The entry that seats are collected for, once it was its turn in this plan. */
  private reservedFor: WaitingEntry | undefined;

  constructor(
    private readonly stock: Stock,
    private readonly collector: Collector | null,
    private readonly policy: Policy,
    private readonly now: number,
  ) {
    this.takenPlaces = stock.areas.map(() => 0);
    this.restart = collector !== null && collector.until <= now;
    this.picker = new BestPicker({ ...stock.hall, isOpen: (n) => this.isOpen(n) });
  }

  /** True when nothing is open any more, so that later entries need not be served. */
  get exhausted(): boolean {
    for (let n = 0; n < this.stock.hall.count; n++) if (this.isOpen(n)) return false;
    return this.stock.areas.every((_, area) => this.openPlaces(area) === 0);
  }

  serve(entry: WaitingEntry): void {
    // The event's limits may have become too small for it.
    if (entry.quantity < entry.minQuantity) return;
    const found = this.find(entry);
    if (found) {
      for (const n of found.seats) this.taken.add(n);
      if (found.area !== null) this.takenPlaces[found.area]! += found.quantity;
      const bypassed = this.passBy((other) => this.couldUse(other, found.seats, found.area));
      this.offers.push({ ...found, entry: entry.id, bypassed });
      return;
    }
    this.passed.set(entry, this.restart ? 0 : entry.bypassed);
    if (this.isCollector(entry)) this.reservedFor = entry;
  }

  finish(): Plan {
    const { offers, restart } = this;
    const free = this.leftSeats();
    const areas = this.stock.areas.map(
      (_, area) => [area, this.placesToKeep(area), this.leftPlaces(area)] as const,
    );
    const bypassed = this.passBy(
      (entry) =>
        this.couldUse(entry, free, null) ||
        areas.some(([area, , left]) => left > 0 && this.couldUse(entry, [], area)),
    );
    return {
      offers,
      restart,
      collect: this.collect,
      bypassed,
      keep: [...this.stock.reservedForWaitlist].flatMap(([n, until]) =>
        this.isReserved(n) && this.isEnding(until) ? n : [],
      ),
      free,
      areas: areas.filter(([, keep, left]) => keep > 0 || left > 0),
    };
  }

  /** Counts bypasses only as far as they matter, so that a plan does not name thousands of entries for each offer. */
  private passBy(could: (entry: WaitingEntry) => boolean): string[] {
    const bypassed: string[] = [];
    for (const [entry, times] of this.passed) {
      if (times >= this.policy.bypasses || !could(entry)) continue;
      this.passed.set(entry, times + 1);
      bypassed.push(entry.id);
    }
    return bypassed;
  }

  private find(entry: WaitingEntry): Omit<PlannedOffer, 'entry' | 'bypassed'> | undefined {
    const { accessible, together } = entry;
    // Replaces the highest price by the categories it allows: the picker passes over the hall once for each kind of
    // wish.
    const categories = this.stock.hall.prices.flatMap((price, category) =>
      wantsSeat(entry, category, price, true) ? [category] : [],
    );
    const wish = { accessible, together, categories };
    for (let quantity = entry.quantity; quantity >= entry.minQuantity; quantity--) {
      const pick = this.picker.find({ ...wish, quantity });
      if ('seats' in pick) return { quantity, seats: pick.seats, area: null };
      const area = this.stock.areas.findIndex(
        ({ price }, index) => wantsPlace(entry, index, price) && this.openPlaces(index) >= quantity,
      );
      if (area >= 0) return { quantity, seats: [], area };
    }
    return undefined;
  }

  private isCollector({ id, bypassed }: WaitingEntry): boolean {
    if (this.restart) return false;
    if (this.collector) return this.collector.id === id;
    if (this.collect !== null || bypassed < this.policy.bypasses) return false;
    this.collect = id;
    return true;
  }

  private isOpen(n: number): boolean {
    return this.stock.hall.isOpen(n) && !this.taken.has(n) && !this.isReserved(n);
  }

  private isReserved(n: number): boolean {
    return (
      this.reservedFor !== undefined &&
      this.stock.reservedForWaitlist.has(n) &&
      !this.taken.has(n) &&
      this.couldUse(this.reservedFor, [n], null)
    );
  }

  private leftSeats(): number[] {
    return [...this.stock.reservedForWaitlist.keys()].filter(
      (n) => !this.taken.has(n) && !this.isReserved(n),
    );
  }

  private openPlaces(area: number): number {
    return this.stock.areas[area]!.open - this.takenPlaces[area]! - this.reservedPlaces(area);
  }

  /** Kept places of the area that no offer has taken yet: offers take from the kept places first. */
  private untakenPlaces(area: number): number {
    return Math.max(0, this.stock.areas[area]!.reservedForWaitlist - this.takenPlaces[area]!);
  }

  private reservedPlaces(area: number): number {
    return this.reservedFor && this.couldUse(this.reservedFor, [], area) ? this.untakenPlaces(area) : 0;
  }

  private leftPlaces(area: number): number {
    return this.untakenPlaces(area) - this.reservedPlaces(area);
  }

  private placesToKeep(area: number): number {
    return this.isEnding(this.stock.areas[area]!.reservedUntil) ? this.reservedPlaces(area) : 0;
  }

  private isEnding(until: number): boolean {
    return until < this.now + RENEW_MS;
  }

  private couldUse(entry: WaitingEntry, seats: readonly number[], area: number | null): boolean {
    const { category, accessible, prices } = this.stock.hall;
    if (area !== null) return wantsPlace(entry, area, this.stock.areas[area]!.price);
    return seats.some((n) => wantsSeat(entry, category[n]!, prices[category[n]!], accessible[n] === 1));
  }
}

export const isEmpty = ({ offers, restart, collect, bypassed, keep, free, areas }: Plan): boolean =>
  !restart && collect === null && [offers, bypassed, keep, free, areas].every((list) => list.length === 0);

/** Whether the stock has enough for a wish, in its smallest acceptable number at least. */
export function hasEnough(stock: Stock, wish: Wish): boolean {
  const planner = new Planner(stock, null, { bypasses: 1 }, 0);
  planner.serve({ ...wish, quantity: wish.minQuantity, id: '', bypassed: 0 });
  return planner.finish().offers.length > 0;
}
