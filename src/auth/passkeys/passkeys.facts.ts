declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    /** An authenticator counted no further than before: there may be a copy of the passkey. It was refused. */
    'passkey.counter_went_back': { userId: string; kept: number; shown: number };
  }
}

export {};
