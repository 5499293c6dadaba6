import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { VERSION } from '../common/version.js';
import type { Encoding } from '../http/accept.js';
import { fenceKey, isHeld, type Lock, LocksService } from '../redis/locks.service.js';
import { RedisService } from '../redis/redis.service.js';
import type { PackedAnswer } from './answer.js';
import { INVALIDATE, READ, WRITE } from './shared-answers.lua.js';

const GENERATION_MS = 3_600_000;
const LOCK = 'cache';
/** Longer than a read of the database takes, and renewed while one takes longer. */
const LOCK_MS = 1_000;
/** Time that a replica waits for another that reads the answer; after it the replica reads the database itself. */
const PATIENCE_MS = 60;
const RETRY_MS = 500;
const EPOCH = 'cache:g:epoch';

/** For the one replica that reads an answer: ends with one of the two. */
export interface Filling {
  keep(packed: PackedAnswer, ttlMs: number): Promise<void>;
  giveUp(): Promise<void>;
}

export type Found =
  /** `left`: milliseconds it is still fresh. */
  | { packed: PackedAnswer; left: number }
  /**
   * The caller must read the answer. Without `filling` the answer is not stored in Redis, because Redis must not be
   * asked now or another replica is slow to read it.
   */
  | { filling?: Filling };

type Reply = [generations: Buffer, left?: number, encoding?: Buffer, etag?: Buffer, body?: Buffer];
type BufferCommands = {
  evalBuffer(script: string, keys: number, ...rest: (string | Buffer | number)[]): Promise<Reply>;
};

/**
 * Answers that all replicas share in Redis. After Redis may have missed a change it is not asked until a new epoch has
 * invalidated everything it kept.
 */
@Injectable()
export class SharedAnswersService {
  /** Grows whenever Redis may have missed a change. */
  private missed = 1;
  private mended = 0;
  private nextMend = 0;

  constructor(
    private readonly redis: RedisService,
    private readonly locks: LocksService,
  ) {
    redis.onRecovery(() => {
      // Answers in Redis may be gone or old.
      this.missed++;
      this.nextMend = 0;
      void this.mend();
    });
  }

  /** Finds an answer. Where another replica is reading it, waits for that one for a moment. */
  async read(key: string, tags: readonly string[]): Promise<Found> {
    if (!this.trusted()) return {};
    const name = nameOf(key);
    const keys = [answerKey(name), EPOCH, ...tags.map(generationKey)];
    const end = performance.now() + PATIENCE_MS;
    for (let pause = 2; ; pause *= 2) {
      const found = await this.find(keys);
      if (typeof found !== 'string') return found ?? {};
      // Readers of what a fact has put out of date hold another lock.
      const lockName = `${name}:${digestOf(found)}`;
      const lock = await this.locks.acquire(LOCK, { name: lockName, ttlMs: LOCK_MS });
      if (isHeld(lock)) return { filling: this.filling(keys, found, lockName, lock) };
      if (lock === 'unanswered' || performance.now() + pause > end) return {};
      await sleep(pause);
    }
  }

  /** The answer, the generations of now when nobody has it, or undefined when Redis does not say. */
  private async find(
    keys: readonly string[],
  ): Promise<{ packed: PackedAnswer; left: number } | string | undefined> {
    const reply = await this.redis.ask('cache.read', (redis) =>
      buffers(redis).evalBuffer(READ, keys.length, ...keys, token(), GENERATION_MS),
    );
    if (!reply) return undefined;
    const [generations, left, encoding, etag, body] = reply;
    if (!body) return `${generations}`;
    return { left: Number(left), packed: { body, encoding: `${encoding}` as Encoding, etag: `${etag}` } };
  }

  private filling([answer, ...tags]: string[], generations: string, lockName: string, lock: Lock): Filling {
    const keys = [answer!, fenceKey(LOCK, lockName), ...tags];
    return {
      keep: async ({ encoding, etag, body }, ttlMs) => {
        const written = this.redis.ask('cache.write', (redis) =>
          redis.eval(WRITE, keys.length, ...keys, generations, lock.fence, ttlMs, encoding, etag, body),
        );
        // Commands of one connection keep their order.
        await Promise.all([written, lock.release()]);
      },
      giveUp: () => lock.release(),
    };
  }

  /**
   * Puts out of date what depends on the tags, for all replicas, and tells them `fact` on the channel. Commands of one
   * connection keep their order, so this replica's next `read` comes after it.
   */
  async invalidate(fact: string, tags: readonly string[], channel: string): Promise<void> {
    if (!this.redis.configured) return;
    const keys = [`cache:f:${fact}`, ...tags.map(generationKey)];
    const done = await this.redis.ask('cache.invalidate', (redis) =>
      redis.eval(INVALIDATE, keys.length, ...keys, token(), GENERATION_MS, channel, fact),
    );
    if (done === undefined) this.missed++;
  }

  /** Begins a new epoch when Redis may have missed something. */
  private trusted(): boolean {
    if (!this.redis.usable) return false;
    if (this.mended === this.missed) return true;
    void this.mend();
    return false;
  }

  private async mend(): Promise<void> {
    if (performance.now() < this.nextMend) return;
    this.nextMend = performance.now() + RETRY_MS;
    const { missed } = this;
    const done = await this.redis.ask('cache.invalidate', (redis) =>
      redis.set(EPOCH, token(), 'PX', GENERATION_MS),
    );
    if (done === 'OK') this.mended = missed;
  }
}

const token = () => randomBytes(9).toString('base64url');
const generationKey = (tag: string) => `cache:g:${tag}`;
const buffers = (redis: Redis) => redis as unknown as BufferCommands;

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 27);
/** Replicas of another release give other answers: the key names the release. */
const nameOf = (key: string) => digestOf(`${VERSION} ${key}`);
const answerKey = (name: string) => `cache:a:${name}`;
