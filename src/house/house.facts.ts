declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    /** Names of the settings that changed. */
    'house.changed': { fields: string[] };
  }
}

export {};
