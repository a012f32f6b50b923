-- Stores a new subscription and reads the board of its resource, in one step.
--
-- KEYS[1]   the record, a hash
-- KEYS[2]   the subscriptions of the resource: ids by expiry
-- KEYS[3]   the board of the resource
-- ARGV[1]   the id
-- ARGV[2]   when the subscription expires, ms since the epoch
-- ARGV[3]   ms until the record is forgotten
-- ARGV[4]   ms for which a board without content stays because it is watched
-- ARGV[5..] the fields of the record: name, value, name, value ...
--
-- returns   the board as it is stored, or nil
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
if redis.call('PTTL', KEYS[3]) >= 0 then
  redis.call('PEXPIRE', KEYS[3], ARGV[4])
end
return redis.call('GET', KEYS[3])
