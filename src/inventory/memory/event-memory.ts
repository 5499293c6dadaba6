import { SEAT } from '../../platform/common/seat-states.js';
import type { AreaState, FeedRow, Snapshot } from './feed.js';

/** Feed rows kept beside the state, for sockets that lag and clients that ask for changes. */
const RECENT_ROWS = 512;

/**
 * The inventory of one event as it was at `seq`: states, deadlines and counters in typed arrays, and the 2-bit state
 * that clients download, kept in step. Changes come only from the feed, in order and without gaps.
 */
export class EventMemory {
  seq: number;
  readonly count: number;
  /** Members and test keys alone may see it. */
  readonly sandbox: boolean;
  readonly packed: Buffer;
  /** [free, held, booked, blocked] per section. */
  readonly sectionCounts: number[][];
  readonly recent: FeedRow[] = [];
  priceVersion: number;
  categoryPrices: (number | null)[];
  areaPrices: (number | null)[];
  readonly areas: AreaState[];
  /** Seats held without a booking, for those who wait. */
  readonly reservedForWaitlist = new Set<number>();
  private readonly states: Uint8Array;
  private readonly deadlines: Float64Array;

  constructor(
    readonly eventId: string,
    readonly planId: string,
    readonly epoch: string,
    readonly seats: SeatStatics,
    snapshot: Snapshot,
    /** Time up to which all commits are included, in ms of `performance.now()`. */
    public asOf: number,
  ) {
    this.count = snapshot.states.length;
    this.seq = snapshot.seq;
    this.sandbox = snapshot.sandbox;
    this.states = Uint8Array.from(snapshot.states, Number);
    this.deadlines = new Float64Array(this.count);
    for (const [n, until, reserved] of snapshot.deadlines) {
      this.deadlines[n] = until;
      if (reserved) this.reservedForWaitlist.add(n);
    }
    this.packed = Buffer.alloc(Math.ceil(this.count / 4));
    this.sectionCounts = seats.sections.map(() => [0, 0, 0, 0]);
    for (let n = 0; n < this.count; n++) {
      const state = this.states[n]!;
      this.packed[n >> 2]! |= state << ((n & 3) * 2);
      this.sectionCounts[seats.section[n]!]![state]! += 1;
    }
    this.areas = snapshot.areas;
    this.priceVersion = snapshot.priceVersion;
    this.categoryPrices = snapshot.categoryPrices;
    this.areaPrices = snapshot.areaPrices;
  }

  state(n: number): number {
    return this.states[n]!;
  }

  /** Deadline of a held seat, in ms. */
  deadline(n: number): number {
    return this.deadlines[n]!;
  }

  /**
   * Free at `now` (ms, the database's clock), or held with its time over. While people wait the database gives such a
   * hold's seats to strangers a minute later than this says: memory may refuse too little, never too much.
   */
  isOpen(n: number, now: number): boolean {
    const state = this.states[n];
    return state === SEAT.FREE || (state === SEAT.HELD && this.deadlines[n]! <= now);
  }

  /**
   * Applies feed rows that follow on `seq`; older ones are skipped.
   * @returns false when a row between is missing, so that the event has to be loaded anew
   */
  apply(rows: readonly FeedRow[]): boolean {
    for (const row of rows) {
      if (row.seq <= this.seq) continue;
      if (row.seq !== this.seq + 1) return false;
      for (const change of row.changes) this.set(change >> 2, change & 3, row.until);
      for (const n of row.reservedForWaitlist) {
        this.deadlines[n] = row.reservedUntil;
        this.reservedForWaitlist.add(n);
      }
      for (let i = 0; i < row.areas.length; i += 3) {
        const area = this.areas[row.areas[i]!]!;
        area.held = row.areas[i + 1]!;
        area.booked = row.areas[i + 2]!;
      }
      this.seq = row.seq;
      this.recent.push(row);
    }
    if (this.recent.length > 2 * RECENT_ROWS) this.recent.splice(0, this.recent.length - RECENT_ROWS);
    return true;
  }

  private set(n: number, state: number, until: number): void {
    const before = this.states[n]!;
    this.deadlines[n] = state === SEAT.HELD ? until : 0;
    this.reservedForWaitlist.delete(n);
    if (before === state) return;
    this.states[n] = state;
    const shift = (n & 3) * 2;
    this.packed[n >> 2] = (this.packed[n >> 2]! & ~(3 << shift)) | (state << shift);
    const counts = this.sectionCounts[this.seats.section[n]!]!;
    counts[before]! -= 1;
    counts[state]! += 1;
  }
}

/** Immutable properties of a plan's seats, as arrays over n. */
export interface SeatStatics {
  readonly sections: readonly string[];
  readonly unnamed: number | undefined;
  readonly categories: readonly string[];
  readonly section: Uint16Array;
  readonly category: Uint8Array;
  readonly run: Int32Array;
  readonly accessible: Uint8Array;
  readonly labels: readonly string[];
  readonly rows: readonly string[];
  readonly numbers: readonly string[];
}
