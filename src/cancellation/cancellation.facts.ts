declare module '../facts/fact-map.js' {
  interface FactMap {
    /** What the provider would not pay back an operator has ended: paid by another way, or not owed. */
    'refund.settled': {
      bookingId: string;
      amount: number;
      currency: string;
      how: 'paid_elsewhere' | 'not_owed';
    };
  }
}

export {};
