import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AnyFact, FactName } from '../facts/fact-map.js';
import { OnFactEverywhere } from '../facts/facts.decorators.js';
import { FactsService } from '../facts/facts.service.js';
import { RedisService } from '../redis/redis.service.js';
import { channelName } from '../redis/redis-connection.js';
import { CacheMetrics, type InvalidationSource } from './cache.metrics.js';
import { tagsOf } from './cache.rules.js';
import { CacheService } from './cache.service.js';
import { CachedRoutesService } from './cached-routes.service.js';
import { SharedAnswersService } from './shared-answers.service.js';

const CHANNEL = 'cache';
/** Facts remembered. A fact arrives up to three times within a second or so; forgetting one only drops some answers. */
const REMEMBERED = 10_000;

/**
 * Facts drop the answers that depend on them: in the writing process right after its commit, in the others as soon as
 * Redis announces the fact, and without Redis when the feed of facts brings it. Each fact counts once, by its name.
 */
@Injectable()
export class CacheInvalidationService implements OnApplicationBootstrap {
  private readonly done = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(
    private readonly facts: FactsService,
    private readonly redis: RedisService,
    private readonly routes: CachedRoutesService,
    private readonly cache: CacheService,
    private readonly shared: SharedAnswersService,
    private readonly metrics: CacheMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.facts.onCommitted((fact) => this.heard(fact, 'own'));
    this.redis.listen(CHANNEL, (message) => {
      const [stream = '', streamId = '', version] = message.split(' ');
      this.heard({ stream, streamId, version: Number(version) }, 'redis');
    });
  }

  @OnFactEverywhere('*')
  follow(fact: AnyFact): void {
    this.heard(fact, 'feed');
  }

  private heard({ stream, streamId, version }: FactName, source: InvalidationSource): void {
    if (!this.routes.streams.has(stream)) return;
    const name = `${stream} ${streamId} ${version}`;
    if (this.done.has(name)) return;
    this.done.set(name, true);
    const tags = tagsOf(stream, streamId);
    for (const tag of tags) this.cache.drop(tag);
    this.metrics.invalidated[source]();
    // A replica that sends the message by Redis has already invalidated the answers there.
    if (source !== 'redis') void this.shared.invalidate(name, tags, channelName(CHANNEL));
  }
}
