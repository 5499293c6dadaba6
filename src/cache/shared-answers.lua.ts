/**
 * Every answer carries the generations of its tags as they were before it was read. A fact gives its tags new ones,
 * which are never used twice. So an answer counts only while all of its generations are those of now, whatever order
 * commands arrive in, and one that was read before a change can never be taken for one read after it.
 */

/**
 * KEYS: answer, lead, generations... ARGV: fresh token, life of a generation (ms), life of a lead (ms).
 * Returns {generations, milliseconds left, encoding, etag, body}, or {generations, 'lead'} for the first who finds
 * nothing, or {generations, 'wait'} for the others.
 */
export const READ = `
local now = {}
for i = 3, #KEYS do
  local generation = redis.call('GET', KEYS[i])
  if not generation then
    generation = ARGV[1]
    redis.call('SET', KEYS[i], generation, 'PX', ARGV[2])
  end
  now[#now + 1] = generation
end
local generations = table.concat(now, ' ')
local kept = redis.call('HMGET', KEYS[1], 'generations', 'encoding', 'etag', 'body')
if kept[1] == generations then
  return {generations, redis.call('PTTL', KEYS[1]), kept[2], kept[3], kept[4]}
end
if redis.call('GET', KEYS[2]) == generations then return {generations, 'wait'} end
redis.call('SET', KEYS[2], generations, 'PX', ARGV[3])
return {generations, 'lead'}`;

/** KEYS: as READ. ARGV: generations, time to live (ms), encoding, etag, body. Keeps it unless it is out of date. */
export const WRITE = `
local now = {}
for i = 3, #KEYS do now[#now + 1] = redis.call('GET', KEYS[i]) or '' end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if table.concat(now, ' ') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'generations', ARGV[1], 'encoding', ARGV[3], 'etag', ARGV[4], 'body', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/** KEYS: lead. ARGV: generations. Nobody has to wait for an answer that did not come. */
export const GIVE_UP = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`;

/**
 * KEYS: mark of the fact, generations... ARGV: fresh token, life of a mark and of a generation (ms), channel, message.
 * The first replica that hears of a fact gives its tags new generations and tells the others.
 */
export const INVALIDATE = `
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[2]) then return 0 end
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;
