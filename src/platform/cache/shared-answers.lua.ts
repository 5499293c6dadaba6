/**
 * Every answer carries the generations of its tags from before it was read. A fact gives its tags new generations,
 * which are never used twice. So an answer is valid only while all of its generations are current, in whatever order
 * commands arrive, and an answer read before a change can never pass for one read after it.
 */

/**
 * KEYS: answer, generations... ARGV: fresh token, life of a generation (ms).
 * Returns {generations, milliseconds left, encoding, etag, body}, or {generations} when nobody has it.
 */
export const READ = `
local now = {}
for i = 2, #KEYS do
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
return {generations}`;

/**
 * KEYS: answer, fence, generations... ARGV: generations, fence of the writer, time to live (ms), encoding, etag, body.
 * Keeps the answer unless it is out of date, or the writer's lock had ended and another replica has had it since.
 */
export const WRITE = `
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
local now = {}
for i = 3, #KEYS do now[#now + 1] = redis.call('GET', KEYS[i]) or '' end
if table.concat(now, ' ') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'generations', ARGV[1], 'encoding', ARGV[4], 'etag', ARGV[5], 'body', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/**
 * KEYS: mark of the fact, generations... ARGV: fresh token, life of a mark and of a generation (ms), channel, message.
 * The first replica that hears of a fact gives its tags new generations and tells the others.
 */
export const INVALIDATE = `
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[2]) then return 0 end
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;
