import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RedisService } from '../../platform/redis/redis.service.js';

/** Number of times that something may happen to one key within `seconds`. */
export interface Allowance {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

export interface Count {
  readonly consumed: number;
  /** Milliseconds until the count begins anew. */
  readonly ms: number;
}

/**
 * Counts in Redis, for all replicas, and in this process while Redis does not answer. Its calls go through the breaker
 * of `RedisService` instead of the library's own insurance, which would make every caller wait for a frozen Redis.
 */
export class SharedLimiter {
  private readonly memory: RateLimiterMemory;
  private shared: RateLimiterRedis | undefined;

  constructor(
    private readonly redis: RedisService,
    private readonly allowance: Allowance,
  ) {
    this.memory = new RateLimiterMemory({ points: allowance.points, duration: allowance.seconds });
  }

  get points(): number {
    return this.allowance.points;
  }

  /** Counts one request. Requests beyond `points` count as well: compare `consumed`. */
  count(key: string): Promise<Count> {
    return this.run(async (limiter) => {
      try {
        return countOf(await limiter.consume(key));
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return countOf(refused);
      }
    });
  }

  async forgive(key: string): Promise<void> {
    await this.run((limiter) => limiter.reward(key));
  }

  async block(key: string, seconds: number): Promise<void> {
    await this.run((limiter) => limiter.block(key, seconds));
  }

  async forget(key: string): Promise<void> {
    await this.memory.delete(key);
    await this.run((limiter) => limiter.delete(key));
  }

  private async run<T>(work: (limiter: RateLimiterMemory | RateLimiterRedis) => Promise<T>): Promise<T> {
    const answer = await this.redis.ask('limits.count', (redis) => work(this.inRedis(redis)));
    return answer === undefined ? work(this.memory) : answer;
  }

  private inRedis(redis: Redis): RateLimiterRedis {
    const { name, points, seconds } = this.allowance;
    this.shared ??= new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `throttle:${name}`,
      points,
      duration: seconds,
      rejectIfRedisNotReady: true,
    });
    return this.shared;
  }
}

@Injectable()
export class SharedLimitersService {
  constructor(private readonly redis: RedisService) {}

  limiter(allowance: Allowance): SharedLimiter {
    return new SharedLimiter(this.redis, allowance);
  }
}

const countOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Count => ({
  consumed: consumedPoints,
  ms: msBeforeNext,
});
