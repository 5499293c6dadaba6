/**
 * A lock is a key that only its holder's token opens, and that ends by itself. Beside it stands the number given out last
 * for that name, the fence: later holders have greater ones, also after Redis has lost everything, because a number is
 * never below the microseconds of its clock.
 */

/** KEYS: lock, fence. ARGV: token and what the lock says, ms to keep the lock, ms to keep the fence. Returns the fence, or 0. */
export const ACQUIRE = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
local time = redis.call('TIME')
local fence = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('GET', KEYS[2]) or 0) + 1)
redis.call('SET', KEYS[2], string.format('%.0f', fence), 'PX', ARGV[3])
return fence`;

/** KEYS: lock, fence. ARGV: token and what the lock says, ms to keep the lock, ms to keep the fence. */
export const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

/** KEYS: lock. ARGV: token and what the lock says. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;
