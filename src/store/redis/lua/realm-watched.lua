-- Notes in which realms user parts are watched.
--
-- KEYS[n]       the realms of a user part, by the expiry of the last subscription
-- ARGV[1]       ms for which these indexes are wanted for the subscriptions
-- ARGV[2n]      when the subscription expires, ms since the epoch
-- ARGV[2n+1]    the realm
--
-- returns       nothing
for index, key in ipairs(KEYS) do
  redis.call('ZADD', key, 'GT', ARGV[2 * index], ARGV[2 * index + 1])
  if redis.call('PTTL', key) < tonumber(ARGV[1]) then
    redis.call('PEXPIRE', key, ARGV[1])
  end
end
