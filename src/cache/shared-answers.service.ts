import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Encoding } from '../common/printed.js';
import { VERSION } from '../common/version.js';
import { RedisService } from '../redis/redis.service.js';
import type { PackedAnswer } from './answer.js';
import { GIVE_UP, INVALIDATE, READ, WRITE } from './shared-answers.lua.js';

const GENERATION_MS = 3_600_000;
/** Longer than a read of the database takes; what comes after it reads for itself. */
const LEAD_MS = 1_000;
/** How long a replica waits for the one that reads: then it reads itself. */
const PATIENCE_MS = 60;
const RETRY_MS = 500;
const EPOCH = 'cache:g:epoch';

export type Found =
  /** `left`: milliseconds it is still fresh. */
  | { packed: PackedAnswer; left: number }
  /** Nobody has it: read it, then `write` or `giveUp` with this. Without: Redis is not to be asked now. */
  | { generations?: string };

type Reply = [generations: Buffer, second: Buffer | number, ...Buffer[]];
type BufferCommands = {
  evalBuffer(script: string, keys: number, ...rest: (string | Buffer | number)[]): Promise<Reply>;
};

/**
 * Answers that all replicas share in Redis. It is not asked after it may have missed a change, until everything that was
 * kept before has been put out of date by a new epoch.
 */
@Injectable()
export class SharedAnswers {
  /** Grows whenever Redis may have missed a change. */
  private missed = 1;
  private mended = 0;
  private nextMend = 0;

  constructor(private readonly redis: RedisService) {
    redis.onRecovery(() => {
      // What it had may be gone or old.
      this.missed++;
      this.nextMend = 0;
      void this.mend();
    });
  }

  /** Finds an answer. Where another replica is reading it, waits for that one for a moment. */
  async read(key: string, tags: readonly string[]): Promise<Found> {
    if (!this.trusted()) return {};
    const keys = keysOf(key, tags);
    const end = performance.now() + PATIENCE_MS;
    for (let pause = 2; ; pause *= 2) {
      const reply = await this.redis.ask('cache.read', (redis) =>
        buffers(redis).evalBuffer(READ, keys.length, ...keys, token(), GENERATION_MS, LEAD_MS),
      );
      if (!reply) return {};
      const [generations, second, encoding, etag, body] = reply;
      if (body)
        return {
          left: Number(second),
          packed: { body, encoding: `${encoding}` as Encoding, etag: `${etag}` },
        };
      const leads = String(second) === 'lead';
      if (leads || performance.now() + pause > end) return { generations: `${generations}` };
      await sleep(pause);
    }
  }

  async write(
    key: string,
    tags: readonly string[],
    generations: string,
    packed: PackedAnswer,
    ttlMs: number,
  ) {
    const keys = keysOf(key, tags);
    const { encoding, etag, body } = packed;
    await this.redis.ask('cache.write', (redis) =>
      redis.eval(WRITE, keys.length, ...keys, generations, ttlMs, encoding, etag, body),
    );
  }

  async giveUp(key: string, tags: readonly string[], generations: string): Promise<void> {
    const [, lead] = keysOf(key, tags);
    await this.redis.ask('cache.write', (redis) => redis.eval(GIVE_UP, 1, lead!, generations));
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

/** Replicas of another release print other answers: the key names the release. */
function keysOf(key: string, tags: readonly string[]): string[] {
  const name = createHash('sha256').update(`${VERSION} ${key}`).digest('base64url').slice(0, 27);
  return [`cache:a:${name}`, `cache:l:${name}`, EPOCH, ...tags.map(generationKey)];
}
