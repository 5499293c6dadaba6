import { RedisServer } from '../test/support/redis.js';
import { without } from '../test/support/tools.js';
import type { Gate, Options } from './scenario.js';

/** Measures with a Redis of its own; where there is none it says so and measures nothing. */
export async function withOwnRedis(
  { note }: Options,
  measure: (redis: RedisServer) => Promise<Gate[]>,
): Promise<Gate[]> {
  if (without('redis-server')) {
    note('SKIPPED: redis-server is not installed (Debian: package redis-server).');
    return [];
  }
  const redis = await RedisServer.start();
  try {
    return await measure(redis);
  } finally {
    await redis.remove();
  }
}
