-- Ends a claim on a lost node.
--
-- KEYS[1]  the newest sign of each node, a hash
-- KEYS[2]  the claim on the node: the instance that takes over
-- ARGV[1]  the node
-- ARGV[2]  the sign by which it was taken for lost
-- ARGV[3]  the instance that took over
-- ARGV[4]  1: nothing is left of the node, so that its sign goes too
--
-- returns  nothing
if redis.call('GET', KEYS[2]) ~= ARGV[3] then
  return
end
redis.call('DEL', KEYS[2])
if ARGV[4] == '1' and redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
