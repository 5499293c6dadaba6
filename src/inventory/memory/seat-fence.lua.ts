/**
 * A mark is a hash of one event: `seq`, the newest change that may have freed a seat, and `generation`, which names the
 * time since when the mark has lost nothing. A replica that finds no mark begins another generation.
 */

/** KEYS: marks; ARGV: a new generation, ms to keep. Returns [generation, seq] of each. */
export const READ_MARKS = `
local found = {}
for i, key in ipairs(KEYS) do
  local mark = redis.call('HMGET', key, 'generation', 'seq')
  if not mark[1] then
    mark = { ARGV[1], '0' }
    redis.call('HSET', key, 'generation', mark[1], 'seq', mark[2])
  end
  redis.call('PEXPIRE', key, ARGV[2])
  found[i] = mark
end
return found`;

/** KEYS: one mark; ARGV: a new generation, ms to keep, seq. */
export const RAISE_MARK = `
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'seq', ARGV[3])
elseif tonumber(seq) < tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'seq', ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/** KEYS: one mark; ARGV: a new generation, ms to keep. For a change whose seq nobody knows any more. */
export const RENEW_MARK = `
redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'seq', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;
