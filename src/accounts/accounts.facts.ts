declare module '../facts/fact-map.js' {
  interface FactMap {
    /** The person is gone: whatever is about to happen for them shall not. */
    'account.erased': Record<string, never>;
  }
}

export {};
