import { isHeld } from '../../src/platform/redis/locks.service.js';
import { given, serveParent } from './child.js';
import { packed, redisParts } from './redis-parts.js';

const { locks, answers } = await redisParts(given<{ redisUrl: string }>().redisUrl);
let filling: Awaited<ReturnType<typeof answers.read>> = {};
serveParent<string>(process.pid, {
  acquire: async (name) => {
    const lock = await locks.acquire('test', { name, ttlMs: 300 });
    return isHeld(lock) ? lock.fence : lock;
  },
  read: async (key) => {
    filling = await answers.read(key, ['event']);
    return 'filling' in filling && filling.filling !== undefined;
  },
  keep: async (text) => {
    if ('filling' in filling) await filling.filling?.keep(packed(text), 60_000);
  },
});
