/**
 * Every kind of fact and the shape of its data: ids and what changed, never personal data.
 * Each feature adds its own kinds in its `*.facts.ts`:
 *
 *     declare module './fact-map.js' {
 *       interface FactMap { 'event.published': { places: number } }
 *     }
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the features
export interface FactMap {}

export type FactType = Extract<keyof FactMap, string>;

/** A fact to be written. Versions count from 1 within a stream; without one the next is taken. */
export type NewFact = {
  [K in FactType]: {
    readonly type: K;
    /**
     * Kind of object the fact is about, e.g. `booking`; together with `streamId` it names the stream that versions
     * count in.
     */
    readonly stream: string;
    readonly streamId: string;
    /** The event (performance) it belongs to, if any. */
    readonly eventId?: string | null;
    readonly data: FactMap[K];
    /** Who did it; absent when nobody asked, e.g. an expiry. */
    readonly actor?: string | null;
    readonly version?: number;
  };
}[FactType];

/** Permanent name of a fact. */
export interface FactName {
  readonly stream: string;
  readonly streamId: string;
  readonly version: number;
}

/** A fact as it was written, of whatever kind. */
export interface AnyFact extends FactName {
  /** 64-bit number as text; grows within a stream. */
  readonly pos: string;
  readonly type: string;
  readonly eventId: string | null;
  readonly data: unknown;
  readonly actor: string | null;
  readonly correlationId: string | null;
  readonly occurredAt: Date;
}

/** A fact of known kinds; narrowing on `type` narrows `data`. */
export type Fact<Kind extends FactType = FactType> = {
  [K in Kind]: AnyFact & { readonly type: K; readonly data: FactMap[K] };
}[Kind];

type Family<T> = T extends `${infer Prefix}.${string}` ? `${Prefix}.*` : never;

/** One kind (`booking.held`), a family (`booking.*`) or all (`*`). */
export type FactPattern = FactType | Family<FactType> | '*';

/** The kinds that a pattern stands for. */
export type Matching<P> = P extends '*'
  ? FactType
  : P extends `${infer Prefix}.*`
    ? Extract<FactType, `${Prefix}.${string}`>
    : Extract<P, FactType>;
