declare module '../../platform/facts/fact-map.js' {
  interface FactMap {
    'webhook.created': { facts: string[] };
    /** Names of the fields. */
    'webhook.updated': { changed: string[] };
    'webhook.secret_changed': Record<string, never>;
    'webhook.deleted': Record<string, never>;
    /** It accepted nothing for days. */
    'webhook.disabled': { reason: string };
  }
}

export {};
