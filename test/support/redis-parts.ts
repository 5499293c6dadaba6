import { Registry } from 'prom-client';
import { SharedAnswersService } from '../../src/platform/cache/shared-answers.service.js';
import { MetersService } from '../../src/platform/observability/meters.service.js';
import { LocksService } from '../../src/platform/redis/locks.service.js';
import { RedisService } from '../../src/platform/redis/redis.service.js';
import { ResilienceService } from '../../src/platform/resilience/resilience.service.js';
import { until } from './until.js';

/** The Redis parts of a replica, without its other parts. */
export async function redisParts(redisUrl: string) {
  const meters = new MetersService(new Registry(), { metrics: undefined });
  const redis = new RedisService({ redis: { url: redisUrl, timeoutMs: 10 } }, new ResilienceService(meters));
  const locks = new LocksService(redis, meters);
  const answers = new SharedAnswersService(redis, locks);
  await until(() => redis.usable);
  return { redis, locks, answers };
}

export const packed = (text: string) => ({
  body: Buffer.from(text),
  encoding: 'identity' as const,
  etag: text,
});
