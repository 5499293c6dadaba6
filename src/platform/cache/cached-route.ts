export const CACHED = 'evently:cached';

export interface CachedOptions {
  /** Seconds that an answer stays fresh unless a fact drops it. */
  ttl: number;
  /** Seconds beyond `ttl` in which it is still sent while a new one is being read. Never after a fact. Default 0. */
  stale?: number;
  /**
   * Streams of facts that the answer depends on: `event` (all of them) or, with a parameter of the route,
   * `event:{id}` (that one). Any fact of these drops the answer on every replica.
   */
  tags: readonly string[];
  /** Names the answer by its `version` instead of its bytes, for `If-Match` edits. */
  etag?: 'version';
  /** Seconds that clients may use an answer without asking; default 0: they ask with `If-None-Match`. */
  maxAge?: number;
  /** Whether replicas share it in Redis; off for what each replica's own settings decide. Default on. */
  shared?: boolean;
}

export interface CachedRoute {
  /** `Class.method`: in metrics. */
  readonly name: string;
  readonly options: CachedOptions;
}
