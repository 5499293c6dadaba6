import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Printed } from '../common/printed.js';
import type { Shortcut } from '../common/shortcut.js';
import { Answer } from './answer.js';
import { CacheMetrics } from './cache.metrics.js';
import { fillTag, keyOf } from './cache.rules.js';
import type { CachedRoute } from './cached-route.js';
import { type KeptAnswer, KeptAnswers } from './kept-answers.js';
import { type Found, SharedAnswers } from './shared-answers.service.js';

/** What a request asks for. */
export interface Wanted {
  readonly route: CachedRoute;
  readonly key: string;
  readonly tags: readonly string[];
  /** Calls the handler, as nobody in particular. */
  readonly read: () => Promise<unknown>;
}

/** A read under way. Its answer goes to those who asked before a change, but is not kept once `outdated`. */
interface Flight {
  readonly answer: Promise<Answer>;
  readonly tags: readonly string[];
  outdated: boolean;
}

/** Answers of public routes, in this process and then in Redis: at most one read of each at a time. */
@Injectable()
export class CacheService implements Shortcut {
  private readonly kept = new KeptAnswers();
  private readonly flights = new Map<string, Flight>();

  constructor(
    private readonly shared: SharedAnswers,
    private readonly metrics: CacheMetrics,
  ) {
    metrics.watch(this.kept);
  }

  /** A fresh answer of this process. */
  answerAtOnce({ url, headers }: FastifyRequest): Printed | undefined {
    const kept = this.fresh(keyOf(url));
    if (!kept) return undefined;
    this.metrics.count(kept.route.name, 'process');
    return kept.answer.as(headers['accept-encoding'] as string | undefined);
  }

  wanted(route: CachedRoute, request: FastifyRequest, read: () => Promise<unknown>): Wanted {
    const params = request.params as Record<string, string>;
    const tags = route.options.tags.map((tag) => fillTag(tag, params));
    return { route, key: keyOf(request.url), tags, read };
  }

  /** The answer, read where it must be. Throws what the handler throws. */
  async get(wanted: Wanted): Promise<Answer> {
    const { route, key } = wanted;
    const kept = this.kept.get(key);
    const now = performance.now();
    if (kept && now < kept.staleUntil) {
      const fresh = now < kept.freshUntil;
      this.metrics.count(route.name, fresh ? 'process' : 'stale');
      // Whoever asks after the time that a stale answer may be sent hears of the error.
      if (!fresh && !this.flights.has(key)) this.fly(wanted).catch(() => {});
      return kept.answer;
    }
    const flight = this.flights.get(key);
    if (!flight) return this.fly(wanted);
    this.metrics.count(route.name, 'joined');
    return flight.answer;
  }

  /** Drops what depends on a tag, also what is being read: it may not know the change yet. */
  drop(tag: string): void {
    this.kept.drop(tag);
    for (const [key, flight] of this.flights)
      if (flight.tags.includes(tag)) {
        flight.outdated = true;
        this.flights.delete(key);
      }
  }

  personal(route: CachedRoute): void {
    this.metrics.count(route.name, 'personal');
  }

  private fresh(key: string): KeptAnswer | undefined {
    const kept = this.kept.get(key);
    return kept && performance.now() < kept.freshUntil ? kept : undefined;
  }

  private fly(wanted: Wanted): Promise<Answer> {
    const { key, tags } = wanted;
    const flight: Flight = { answer: this.fetch(wanted, () => !flight.outdated), tags, outdated: false };
    this.flights.set(key, flight);
    const landed = () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    flight.answer.then(landed, landed);
    return flight.answer;
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
    const { generations } = found;
    // The time counts from before the read.
    const began = performance.now();
    try {
      const answer = Answer.of(await read(), options);
      const left = options.ttl * 1000 - (performance.now() - began);
      if (isCurrent()) this.keep(wanted, answer, left);
      if (generations)
        void this.shared.write(key, tags, generations, answer.pack(), Math.max(1, Math.floor(left)));
      return answer;
    } catch (error) {
      if (generations) void this.shared.giveUp(key, tags, generations);
      throw error;
    }
  }

  private keep({ route, key, tags }: Wanted, answer: Answer, left: number): void {
    const freshUntil = performance.now() + left;
    const staleUntil = freshUntil + (route.options.stale ?? 0) * 1000;
    this.kept.put(key, { answer, route, tags, freshUntil, staleUntil });
  }
}
