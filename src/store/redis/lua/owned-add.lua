-- Notes that a node owns a subscription.
--
-- KEYS[1]  the ids that the node owns, all with score 0: in lexicographic order
-- ARGV[1]  the id
-- ARGV[2]  ms for which the index is wanted for this subscription
--
-- returns  nothing
redis.call('ZADD', KEYS[1], 0, ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
