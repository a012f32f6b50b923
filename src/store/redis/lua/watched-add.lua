-- Notes that a user part of a realm is watched, and forgets a few that are not any more.
--
-- KEYS[1]  the user parts of the realm, all with score 0: in lexicographic order
-- KEYS[2]  the same by the expiry of the last subscription
-- KEYS[3]  the stamp of the realm
-- ARGV[1]  the user part
-- ARGV[2]  when the subscription expires, ms since the epoch
-- ARGV[3]  ms for which the index is wanted for this subscription
-- ARGV[4]  what expired up to this moment is forgotten, ms since the epoch
-- ARGV[5]  the new stamp; empty: the subscription is not new
--
-- returns  nothing
redis.call('ZADD', KEYS[1], 0, ARGV[1])
local known = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or 0)
if known < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
-- More than one for each that is added: the index does not grow with names that are watched once.
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[4], 'LIMIT', 0, 10)
if #gone > 0 then
  redis.call('ZREM', KEYS[1], unpack(gone))
  redis.call('ZREM', KEYS[2], unpack(gone))
end
if ARGV[5] ~= '' then
  redis.call('SET', KEYS[3], ARGV[5], 'KEEPTTL')
end
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', key, ARGV[3])
  end
end
