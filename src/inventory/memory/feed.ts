/** One committed change: `changes` holds n * 4 + state, `areas` (area, held, booked) triples. */
export interface FeedRow {
  readonly seq: number;
  readonly changes: readonly number[];
  readonly areas: readonly number[];
  /** Deadline in ms of every seat this row leaves held for a booking. */
  readonly until: number;
  readonly priceVersion: number;
  /** Seats that this row leaves held without a booking, for those who wait. */
  readonly reservedForWaitlist: readonly number[];
  /** Deadline of those seats, in ms. */
  readonly reservedUntil: number;
}

/** Feed row as the SQL functions write it. */
export type RawFeedRow = [
  seq: number,
  changes: number[],
  areas: number[],
  until: number | null,
  priceVersion: number,
  reservedForWaitlist?: number[],
  reservedUntil?: number | null,
];

const NONE: readonly number[] = [];

export const toFeedRows = (rows: RawFeedRow[]): FeedRow[] =>
  rows.map(([seq, changes, areas, until, priceVersion, reservedForWaitlist, reservedUntil]) => ({
    seq,
    changes,
    areas,
    until: until ?? 0,
    priceVersion,
    reservedForWaitlist: reservedForWaitlist ?? NONE,
    reservedUntil: reservedUntil ?? 0,
  }));

export interface Prices {
  readonly priceVersion: number;
  readonly categoryPrices: (number | null)[];
  readonly areaPrices: (number | null)[];
}

export interface AreaState {
  readonly name: string;
  readonly capacity: number;
  held: number;
  booked: number;
}

export interface Snapshot extends Prices {
  readonly planId: string;
  /** True for a sandbox event, which not everybody may see. */
  readonly sandbox: boolean;
  readonly epoch: string;
  readonly seq: number;
  /** States of all seats, one digit each. */
  readonly states: string;
  /** Deadlines of held seats; `reserved` seats are held for the waitlist, without a booking. */
  readonly deadlines: [n: number, until: number, reserved: boolean][];
  readonly areas: AreaState[];
}

export interface Position {
  readonly eventId: string;
  readonly seq: number;
}

/** Answer of a turn's shared query for one event: rows after the position asked for, null when there are too many. */
export interface CatchUp {
  readonly eventId: string;
  readonly seq: number;
  readonly rows: FeedRow[] | null;
  /** Seconds since the newest row was written; null when there is none. */
  readonly age: number | null;
}

/** Outcome of a change: an error code or `ok`, and the feed rows that the caller lacked. */
export interface ChangeResult {
  readonly outcome: string;
  readonly seq?: number;
  readonly rows?: RawFeedRow[] | null;
  readonly conflicts?: number[];
  readonly changed?: number;
  readonly ended?: number;
}

export interface BookingChange {
  readonly eventId: string;
  readonly bookingId: string;
  readonly action: 'release' | 'extend' | 'accept' | 'pay' | 'decline' | 'confirm' | 'cancel' | 'cancelled';
  /** Buyer the booking must belong to; null when the system or an organizer acts. */
  readonly userId: string | null;
  /** Items to cancel; absent for all. */
  readonly items?: string[];
  /** Seconds a payment may take. */
  readonly seconds?: number;
  readonly actor: string | null;
  readonly correlationId: string | null;
}
