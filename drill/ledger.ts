import type { Json } from '../test/support/client.js';

/** State of a booking that its buyer was told last. */
export type Told = 'held' | 'released' | 'declined' | 'expired' | 'confirmed' | 'cancelled';

/** One booking as its buyer knows it. */
export interface Purchase {
  readonly eventId: string;
  readonly userId: string;
  /** Body of the answer that acknowledged it. */
  readonly hold: Json;
  /** The hold was an offer of the waitlist. */
  readonly offered: boolean;
  told: Told;
  /** Ids of items whose cancellation was acknowledged. */
  readonly cancelled: Set<string>;
  /** Ids of tickets that a gate let in. */
  readonly scanned: Set<string>;
  /** Asked for and never answered, however often it was asked again: whatever became of it is right. */
  undecided: boolean;
}

export interface Waiting {
  readonly id: string;
  readonly userId: string;
  told: 'waiting' | 'accepted' | 'left';
}

/** All that buyers were told, kept apart from the database that it will be compared with. */
export class Ledger {
  readonly purchases = new Map<string, Purchase>();
  readonly waiting = new Map<string, Waiting>();

  held(eventId: string, userId: string, hold: Json, offered = false): Purchase {
    const purchase: Purchase = {
      eventId,
      userId,
      hold,
      offered,
      told: 'held',
      cancelled: new Set(),
      scanned: new Set(),
      undecided: false,
    };
    this.purchases.set(hold.id, purchase);
    return purchase;
  }

  joined(id: string, userId: string): Waiting {
    const entry: Waiting = { id, userId, told: 'waiting' };
    this.waiting.set(id, entry);
    return entry;
  }

  /** How many bookings were acknowledged, by what was told last, and scans and entries of waitlists. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    const count = (what: string, times = 1) => {
      counts[what] = (counts[what] ?? 0) + times;
    };
    for (const { told, scanned, undecided } of this.purchases.values()) {
      count(told);
      if (scanned.size > 0) count('scans', scanned.size);
      if (undecided) count('undecided');
    }
    count('entries', this.waiting.size);
    return counts;
  }
}
