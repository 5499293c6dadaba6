import { Injectable } from '@nestjs/common';
import { MetersService } from '../observability/meters.service.js';
import type { CachedAnswers } from './cached-answers.js';

/**
 * `process` and `redis`: fresh, from there. `stale`: past its time, sent while a new one is read. `joined`: waited for
 * a read that was under way. `miss`: read. `personal`: not for the cache.
 */
const OUTCOMES = ['process', 'redis', 'stale', 'joined', 'miss', 'personal'] as const;
export type CacheOutcome = (typeof OUTCOMES)[number];
/** Way in which this process learned of a fact: its own write, Redis, or the feed of facts. */
const SOURCES = ['own', 'redis', 'feed'] as const;
export type InvalidationSource = (typeof SOURCES)[number];

@Injectable()
export class CacheMetrics {
  /** Counts one fact that dropped answers. */
  readonly invalidated: Record<InvalidationSource, () => void>;
  private readonly requests;
  private readonly routes = new Map<string, Record<CacheOutcome, () => void>>();

  constructor(private readonly meters: MetersService) {
    this.requests = meters.counter(
      'evently_cache_requests_total',
      'Requests of cached routes: process, redis (hits), stale, joined, miss, personal',
    );
    const invalidations = meters.counter(
      'evently_cache_invalidations_total',
      'Facts that dropped answers, by the source that told this process of them: own, redis, feed',
    );
    this.invalidated = children(SOURCES, (source) => invalidations.child({ source }));
  }

  count(route: string, outcome: CacheOutcome): void {
    let counters = this.routes.get(route);
    if (!counters) {
      counters = children(OUTCOMES, (kind) => this.requests.child({ route, outcome: kind }));
      this.routes.set(route, counters);
    }
    counters[outcome]();
  }

  watch(cached: CachedAnswers): void {
    this.meters.gauge('evently_cache_answers', 'Answers kept in this process', () => cached.count);
    this.meters.gauge(
      'evently_cache_bytes',
      'Bytes of the answers kept in this process, uncompressed',
      () => cached.bytes,
    );
  }
}

function children<Name extends string>(
  names: readonly Name[],
  child: (name: Name) => () => void,
): Record<Name, () => void> {
  return Object.fromEntries(names.map((name) => [name, child(name)])) as Record<Name, () => void>;
}
