-- Notes that a user part is watched in a realm.
--
-- KEYS[1]  the realms of the user part, by the expiry of the last subscription
-- ARGV[1]  the realm
-- ARGV[2]  when the subscription expires, ms since the epoch
-- ARGV[3]  ms for which the index is wanted for this subscription
--
-- returns  nothing
local known = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0)
if known < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
