-- Notes that user parts of a realm are watched, and forgets a few that are not any more.
--
-- KEYS[1]   the user parts of the realm, all with score 0: in lexicographic order
-- KEYS[2]   the same by the expiry of the last subscription
-- KEYS[3]   the stamp of the realm
-- ARGV[1]   ms for which the index is wanted for these subscriptions
-- ARGV[2]   what expired up to this moment is forgotten, ms since the epoch
-- ARGV[3]   the new stamp; empty: none of the subscriptions is new
-- ARGV[4..] when the subscription expires, ms since the epoch, and the user part: once or more
--
-- returns   nothing
local users = {}
for index = 4, #ARGV, 2 do
  users[index - 3] = 0
  users[index - 2] = ARGV[index + 1]
end
redis.call('ZADD', KEYS[1], unpack(users))
redis.call('ZADD', KEYS[2], 'GT', unpack(ARGV, 4))
-- More than one for each that is added: the index does not grow with names that are watched once.
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'LIMIT', 0, 5 * #users)
if #gone > 0 then
  redis.call('ZREM', KEYS[1], unpack(gone))
  redis.call('ZREM', KEYS[2], unpack(gone))
end
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[3], ARGV[3], 'KEEPTTL')
end
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < tonumber(ARGV[1]) then
    redis.call('PEXPIRE', key, ARGV[1])
  end
end
