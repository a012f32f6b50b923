-- Replaces a subscription, if its owner is still who the writer thinks.
--
-- KEYS[1]   the record, a hash
-- KEYS[2]   the subscriptions of the resource: ids by expiry
-- KEYS[3]   the board of the resource
-- ARGV[1]   the id
-- ARGV[2]   when the subscription expires, ms since the epoch
-- ARGV[3]   ms until the record is forgotten
-- ARGV[4]   ms for which a board without content stays because it is watched
-- ARGV[5]   the epoch that must be stored
-- ARGV[6]   the new epoch
-- ARGV[7]   the new owner
-- ARGV[8..] the fields of the record: name, value, name, value ...
--
-- returns   ok, stale (another epoch is stored) or gone (no record)
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if stored[1] == false then
  return 'gone'
end
-- The second case is this very write, sent again by the client after a lost reply.
if stored[1] ~= ARGV[5] and not (stored[1] == ARGV[6] and stored[2] == ARGV[7]) then
  return 'stale'
end
redis.call('HSET', KEYS[1], unpack(ARGV, 8))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
if redis.call('PTTL', KEYS[3]) >= 0 then
  redis.call('PEXPIRE', KEYS[3], ARGV[4])
end
return 'ok'
