/** Person whose entry it is, so that the notifier need not read the table. */
interface Waiter {
  userId: string;
}

declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    /** Categories and areas are indexes into the plan's; null means any, empty none. */
    'waitlist.joined': Waiter & {
      quantity: number;
      minQuantity: number;
      together: boolean;
      accessible: boolean;
      categories: number[] | null;
      areas: number[] | null;
      maxPrice: number | null;
    };
    /** The offer is a hold; it is the entry's until `expiresAt`. */
    'waitlist.offered': Waiter & { bookingId: string; quantity: number; expiresAt: string };
    'waitlist.accepted': Waiter;
    'waitlist.declined': Waiter;
    'waitlist.expired': Waiter;
    'waitlist.left': Waiter;
    /** The sale has ended, or the event was cancelled. */
    'waitlist.closed': Waiter;
  }
}

export {};
