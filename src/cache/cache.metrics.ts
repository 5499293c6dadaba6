import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import type { KeptAnswers } from './kept-answers.js';

/**
 * `process` and `redis`: fresh, from there. `stale`: past its time, sent while a new one is read. `joined`: waited for a
 * read that was under way. `miss`: read. `personal`: not for the cache.
 */
export type CacheOutcome = 'process' | 'redis' | 'stale' | 'joined' | 'miss' | 'personal';
/** How this process heard of a fact: it wrote it, Redis told, or the feed of facts. */
export type InvalidationSource = 'own' | 'redis' | 'feed';

@Injectable()
export class CacheMetrics {
  private readonly requests;
  private readonly invalidations;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'evently_cache_requests_total',
      help: 'Requests of cached routes: process, redis (hits), stale, joined, miss, personal',
      labelNames: ['route', 'outcome'],
      registers,
    });
    this.invalidations = new Counter({
      name: 'evently_cache_invalidations_total',
      help: 'Facts that dropped answers, by how this process heard of them: own, redis, feed',
      labelNames: ['source'],
      registers,
    });
  }

  count(route: string, outcome: CacheOutcome): void {
    this.requests.inc({ route, outcome });
  }

  invalidated(source: InvalidationSource): void {
    this.invalidations.inc({ source });
  }

  watch(kept: KeptAnswers): void {
    const gauge = (name: string, help: string, read: () => number) => {
      const made: Gauge = new Gauge({
        name,
        help,
        registers: [this.registry],
        collect: () => made.set(read()),
      });
    };
    gauge('evently_cache_answers', 'Answers kept in this process', () => kept.count);
    gauge('evently_cache_bytes', 'Bytes of the answers kept in this process, uncompressed', () => kept.bytes);
  }
}
