declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    /** The account is erased: all other data kept about the person must be erased too. */
    'account.erased': Record<string, never>;
  }
}

export {};
