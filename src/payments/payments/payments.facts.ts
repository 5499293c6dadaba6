interface Money {
  bookingId: string;
  amount: number;
  currency: string;
  failure?: string;
}

declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    'payment.created': Money;
    /** No answer of the provider in time. */
    'payment.unknown': Money;
    'payment.requires_action': Money;
    'payment.authorized': Money;
    'payment.captured': Money;
    'payment.declined': Money;
    /** The payment can buy nothing any more, for the reason in `failure`; its money goes back. */
    'payment.voiding': Money;
    'payment.voided': Money;
    'refund.created': Money;
    'refund.unknown': Money;
    'refund.succeeded': Money;
    'refund.refused': Money;
  }
}

export {};
