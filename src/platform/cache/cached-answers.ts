import { LRUCache } from 'lru-cache';
import type { Answer } from './answer.js';
import type { CachedRoute } from './cached-route.js';

/** Compressed forms come on top: about half as much again. */
const MOST_BYTES = 32 * 1024 * 1024;
const LARGEST = 2 * 1024 * 1024;
/** Keys, tags, headers. */
const OVERHEAD = 1024;

export interface CachedAnswer {
  readonly answer: Answer;
  readonly route: CachedRoute;
  readonly tags: readonly string[];
  /** By `performance.now()`. */
  readonly freshUntil: number;
  readonly staleUntil: number;
}

/** The answers in this process, with a bound on their bytes, and which of them depends on what. */
export class CachedAnswers {
  private readonly byTag = new Map<string, Set<string>>();
  private readonly answers = new LRUCache<string, CachedAnswer>({
    maxSize: MOST_BYTES,
    maxEntrySize: LARGEST,
    sizeCalculation: ({ answer }, key) => answer.body.length + key.length + OVERHEAD,
    dispose: ({ tags }, key) => this.unlink(tags, key),
    noDisposeOnSet: false,
  });

  get count(): number {
    return this.answers.size;
  }

  get bytes(): number {
    return this.answers.calculatedSize;
  }

  get(key: string): CachedAnswer | undefined {
    return this.answers.get(key);
  }

  put(key: string, cached: CachedAnswer): void {
    this.answers.set(key, cached);
    if (!this.answers.has(key)) return;
    for (const tag of cached.tags) {
      const keys = this.byTag.get(tag);
      if (keys) keys.add(key);
      else this.byTag.set(tag, new Set([key]));
    }
  }

  /** @returns how many answers went */
  drop(tag: string): number {
    const keys = [...(this.byTag.get(tag) ?? [])];
    for (const key of keys) this.answers.delete(key);
    return keys.length;
  }

  private unlink(tags: readonly string[], key: string): void {
    for (const tag of tags) {
      const keys = this.byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.byTag.delete(tag);
    }
  }
}
