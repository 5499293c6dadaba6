declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    /** A shop made it with the key that is the actor. */
    'buyer_session.opened': { customerId: string; minutes: number };
    /** By the shop, before its time. */
    'buyer_session.ended': { customerId: string };
  }
}

export {};
