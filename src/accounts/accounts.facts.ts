declare module '../facts/fact-map.js' {
  interface FactMap {
    /** The person is gone: whatever else is kept about them has to go too. */
    'account.erased': Record<string, never>;
  }
}

export {};
