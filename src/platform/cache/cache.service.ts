import { Injectable } from '@nestjs/common';
import type { SerializedAnswer } from '../http/serialized-answer.js';
import type { Asked, Shortcut } from '../http/shortcut.js';
import { Answer } from './answer.js';
import { CacheMetrics } from './cache.metrics.js';
import { fillTag, keyOf } from './cache.rules.js';
import { type CachedAnswer, CachedAnswers } from './cached-answers.js';
import type { CachedRoute } from './cached-route.js';
import { type Found, SharedAnswersService } from './shared-answers.service.js';

/** Request for a cached answer. */
export interface Wanted {
  readonly route: CachedRoute;
  readonly key: string;
  readonly tags: readonly string[];
  /** Calls the handler, as nobody in particular. */
  readonly read: () => Promise<unknown>;
}

/** A read under way. Its answer goes to those who asked before a change, but is not kept once `outdated`. */
interface Fetch {
  readonly answer: Promise<Answer>;
  readonly tags: readonly string[];
  outdated: boolean;
}

/** Answers of public routes, in this process and then in Redis: at most one read of each at a time. */
@Injectable()
export class CacheService implements Shortcut {
  private readonly cached = new CachedAnswers();
  private readonly fetches = new Map<string, Fetch>();

  constructor(
    private readonly shared: SharedAnswersService,
    private readonly metrics: CacheMetrics,
  ) {
    metrics.watch(this.cached);
  }

  /** A fresh answer of this process. */
  answerAtOnce({ url, headers }: Asked): SerializedAnswer | undefined {
    const cached = this.fresh(keyOf(url));
    if (!cached) return undefined;
    this.metrics.count(cached.route.name, 'process');
    return cached.answer.as(headers['accept-encoding']);
  }

  wanted(route: CachedRoute, { url, params }: Asked, read: () => Promise<unknown>): Wanted {
    const tags = route.options.tags.map((tag) => fillTag(tag, params as Record<string, string>));
    return { route, key: keyOf(url), tags, read };
  }

  /** The answer, read where it must be. Throws what the handler throws. */
  async get(wanted: Wanted): Promise<Answer> {
    const { route, key } = wanted;
    const cached = this.cached.get(key);
    const now = performance.now();
    if (cached && now < cached.staleUntil) {
      const fresh = now < cached.freshUntil;
      this.metrics.count(route.name, fresh ? 'process' : 'stale');
      // An error reaches the first request after the time in which the stale answer may be sent.
      if (!fresh && !this.fetches.has(key)) this.fetchOnce(wanted).catch(() => {});
      return cached.answer;
    }
    const fetch = this.fetches.get(key);
    if (!fetch) return this.fetchOnce(wanted);
    this.metrics.count(route.name, 'joined');
    return fetch.answer;
  }

  /** Drops what depends on a tag, also what is being read: it may not know the change yet. */
  drop(tag: string): void {
    this.cached.drop(tag);
    for (const [key, fetch] of this.fetches)
      if (fetch.tags.includes(tag)) {
        fetch.outdated = true;
        this.fetches.delete(key);
      }
  }

  personal(route: CachedRoute): void {
    this.metrics.count(route.name, 'personal');
  }

  private fresh(key: string): CachedAnswer | undefined {
    const cached = this.cached.get(key);
    return cached && performance.now() < cached.freshUntil ? cached : undefined;
  }

  private fetchOnce(wanted: Wanted): Promise<Answer> {
    const { key, tags } = wanted;
    const fetch: Fetch = { answer: this.fetch(wanted, () => !fetch.outdated), tags, outdated: false };
    this.fetches.set(key, fetch);
    const forget = () => {
      if (this.fetches.get(key) === fetch) this.fetches.delete(key);
    };
    fetch.answer.then(forget, forget);
    return fetch.answer;
  }

  private async fetch(wanted: Wanted, isCurrent: () => boolean): Promise<Answer> {
    const { route, key, tags, read } = wanted;
    const { options, name } = route;
    const found: Found = options.shared === false ? {} : await this.shared.read(key, tags);
    if ('packed' in found) {
      this.metrics.count(name, 'redis');
      const answer = Answer.unpack(found.packed, options);
      if (isCurrent()) this.keep(wanted, answer, found.left);
      return answer;
    }
    this.metrics.count(name, 'miss');
    const { filling } = found;
    // The time counts from before the read.
    const began = performance.now();
    try {
      const answer = Answer.of(await read(), options);
      const left = options.ttl * 1000 - (performance.now() - began);
      if (isCurrent()) this.keep(wanted, answer, left);
      void filling?.keep(answer.pack(), Math.max(1, Math.floor(left)));
      return answer;
    } catch (error) {
      void filling?.giveUp();
      throw error;
    }
  }

  private keep({ route, key, tags }: Wanted, answer: Answer, left: number): void {
    const freshUntil = performance.now() + left;
    const staleUntil = freshUntil + (route.options.stale ?? 0) * 1000;
    this.cached.put(key, { answer, route, tags, freshUntil, staleUntil });
  }
}
