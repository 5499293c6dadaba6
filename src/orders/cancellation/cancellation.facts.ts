declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    /** An operator has ended a refund that the provider refused: paid by another way, or not owed. */
    'refund.settled': {
      bookingId: string;
      amount: number;
      currency: string;
      how: 'paid_elsewhere' | 'not_owed';
    };
  }
}

export {};
