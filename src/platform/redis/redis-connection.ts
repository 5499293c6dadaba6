import { Redis } from 'ioredis';

const CONNECT_TIMEOUT = 1_000;
const GOODBYE_TIMEOUT = 500;

/** One key space for all of Evently; several installations on one Redis take different databases of it. */
const PREFIX = 'evently:';

/**
 * A connection that fails at once instead of queueing commands it cannot send, and reconnects by itself within a second
 * after Redis is back.
 */
export function openRedis(url: string): Redis {
  const redis = new Redis(url, {
    keyPrefix: PREFIX,
    connectTimeout: CONNECT_TIMEOUT,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // ioredis does not handle a failed resubscription, which would end the process; subscribers subscribe again on
    // 'ready'.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  });
  // Every failed attempt to connect is an error event; callers get the error of their own command.
  redis.on('error', () => {});
  return redis;
}

/** Channels are not prefixed by ioredis. */
export const channelName = (name: string): string => PREFIX + name;

/** Says goodbye, but does not wait for a Redis that does not answer. */
export async function closeRedis(redis: Redis): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE_TIMEOUT);
  });
  await Promise.race([redis.quit().catch(() => {}), late]);
  clearTimeout(timer);
  redis.disconnect();
}
