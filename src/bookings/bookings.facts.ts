/** An item as `booking.held` lists it: a seat number or the index of an area, and the price it was held at. */
export type HeldItem = [id: string, n: number | null, area: number | null, price: number];

interface Deadline {
  expiresAt: string;
}

declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    'booking.held': Deadline & {
      userId: string;
      code: string;
      currency: string;
      total: number;
      items: HeldItem[];
    };
    'booking.extended': Deadline;
    /** An offer of the waitlist was accepted; from now on it is a hold like others. */
    'booking.accepted': Deadline;
    'booking.paying': Deadline & { try: number };
    'booking.declined': Deadline;
    'booking.confirmed': Record<string, never>;
    /** A late payment got the seats that had been lost. */
    'booking.restored': Record<string, never>;
    /** A late payment got other seats: `items` are those it got back, `added` those that replace the lost ones. */
    'booking.replaced': { items: string[]; added: HeldItem[] };
    'booking.released': Record<string, never>;
    'booking.expired': Record<string, never>;
    /** Ids of the items; absent for all that are left. */
    'booking.cancelling': { items?: string[] };
    'booking.cancelled': { items?: string[] };
  }
}
