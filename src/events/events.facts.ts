import type { EventChanges, NewEventRecord, PriceTier } from './event.rules.js';

type AsJson<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    'event.created': AsJson<Omit<NewEventRecord, 'id'>>;
    /** Only the fields that changed. */
    'event.updated': AsJson<EventChanges>;
    'event.deleted': Record<string, never>;
    'event.price_tiers_set': { priceTiers: PriceTier[] };
    /** `fromPrice`: of the cheapest seat or place that is for sale. */
    'event.published': { places: number; fromPrice: number | null };
    /** No new place can be held until `event.sale_resumed`; said again when only the reason changes. */
    'event.sale_paused': { reason: string | null };
    'event.sale_resumed': Record<string, never>;
    'event.cancelled': Record<string, never>;
    /** It has been over for a while. */
    'event.completed': Record<string, never>;
  }
}
