declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    'seats.blocked': { seats: number[] };
    'seats.unblocked': { seats: number[] };
  }
}

export {};
