-- Says that nobody lives under the name of a node any more.
--
-- KEYS[1]  the newest sign of each node, a hash
-- ARGV[1]  the node
-- ARGV[2]  the instance that leaves
--
-- returns  nothing
local sign = redis.call('HGET', KEYS[1], ARGV[1])
if sign and string.match(sign, '^(%S+) ') == ARGV[2] then
  redis.call('HSET', KEYS[1], ARGV[1], '-')
end
