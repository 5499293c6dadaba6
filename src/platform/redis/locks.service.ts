import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { remembered } from '../observability/instruments.js';
import { MetersService } from '../observability/meters.service.js';
import { ACQUIRE, RELEASE, RENEW } from './locks.lua.js';
import { type RedisScript, RedisService } from './redis.service.js';

/** Life of a fence, longer than a paused holder can do harm: its write would then be older than any kept answer. */
const FENCE_KEPT_MS = 600_000;
/** Renewals in a lock's life: one of them may come late. */
const RENEWALS = 3;

/**
 * `taken`: another process holds the lock. `unanswered`: Redis is off or away; the work is done as if there were no
 * locks.
 */
export type LockOutcome = 'acquired' | 'taken' | 'unanswered';
type Counted = LockOutcome | 'lost';

/** A lock that this process holds, as far as it knows. */
export interface Lock {
  /** Fence, greater than that of every earlier holder: writes with it are refused once there is a later holder. */
  readonly fence: number;
  /** Only this holder's lock is released; the answer that follows must not be sent before. */
  release(): Promise<void>;
}

export interface LockRequest {
  /** Name of the locked object, below its kind. */
  readonly name: string;
  /** Milliseconds after which the lock of a dead holder ends; a living holder renews it. */
  readonly ttlMs: number;
  /** Note for callers that find the lock taken. */
  readonly note?: string;
}

/**
 * Locks that replicas share in Redis. They spare work and never decide what is right: a holder may be paused beyond its
 * lock's end, and Redis may be away. No call waits longer than one question of `RedisService`.
 * See docs/decisions/redis-locks.md.
 */
@Injectable()
export class LocksService implements OnApplicationShutdown {
  private readonly renewals = new Set<NodeJS.Timeout>();
  private readonly acquireScript: RedisScript<number>;
  private readonly renewScript: RedisScript<number>;
  private readonly releaseScript: RedisScript<number>;
  private readonly count: (name: string) => () => void;

  constructor(
    private readonly redis: RedisService,
    meters: MetersService,
  ) {
    this.acquireScript = redis.script('lock.acquire', ACQUIRE);
    this.renewScript = redis.script('lock.renew', RENEW);
    this.releaseScript = redis.script('lock.release', RELEASE);
    const requests = meters.counter(
      'evently_lock_requests_total',
      'Requests for locks in Redis, by kind and outcome; lost: the lock ended while its holder was at work',
    );
    this.count = remembered(new Map(), (name) => {
      const [kind = '', outcome = ''] = name.split(' ');
      return requests.child({ lock: kind, outcome });
    });
  }

  async acquire(kind: string, { name, ttlMs, note = '' }: LockRequest): Promise<Lock | LockOutcome> {
    const counted = (outcome: Counted) => this.count(`${kind} ${outcome}`)();
    if (!this.redis.usable) {
      if (this.redis.configured) counted('unanswered');
      return 'unanswered';
    }
    const keys = [lockKey(kind, name), fenceKey(kind, name)];
    const value = `${randomBytes(12).toString('base64url')} ${note}`;
    const fence = await this.acquireScript(keys, [value, ttlMs, FENCE_KEPT_MS]);
    if (!fence) {
      const outcome = fence === 0 ? 'taken' : 'unanswered';
      counted(outcome);
      // The lost answer may have been an acquisition.
      if (outcome === 'unanswered') void this.releaseScript([keys[0]!], [value]);
      return outcome;
    }
    counted('acquired');
    const renewal = setInterval(async () => {
      if ((await this.renewScript(keys, [value, ttlMs, FENCE_KEPT_MS])) !== 0) return;
      this.endRenewal(renewal);
      counted('lost');
    }, ttlMs / RENEWALS);
    this.renewals.add(renewal);
    return {
      fence,
      release: async () => {
        this.endRenewal(renewal);
        await this.releaseScript([keys[0]!], [value]);
      },
    };
  }

  /** The note of whoever holds the lock now; undefined when nobody does or Redis does not answer. */
  async noteOfHolder(kind: string, name: string): Promise<string | undefined> {
    if (!this.redis.usable) return undefined;
    const value = await this.redis.ask('lock.read', (redis) => redis.get(lockKey(kind, name)));
    return value?.slice(value.indexOf(' ') + 1);
  }

  /** Locks that are still held end by their time. */
  onApplicationShutdown(): void {
    for (const renewal of this.renewals) this.endRenewal(renewal);
  }

  private endRenewal(renewal: NodeJS.Timeout): void {
    clearInterval(renewal);
    this.renewals.delete(renewal);
  }
}

export const isHeld = (found: Lock | LockOutcome): found is Lock => typeof found === 'object';

const lockKey = (kind: string, name: string): string => `lock:${kind}:${name}`;
/** Where scripts that check a fence find the number that was given out last. */
export const fenceKey = (kind: string, name: string): string => `lock:fence:${kind}:${name}`;
