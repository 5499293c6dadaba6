import type { Kind } from './notification.kinds.js';

declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    /** Ids of people and of what each of them is told; at most a thousand. */
    'notification.created': { kind: Kind; to: [userId: string, id: string][] };
  }
}
