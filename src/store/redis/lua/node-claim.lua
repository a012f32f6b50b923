-- Claims a lost node, or keeps the claim for longer. One that gives another sign is not lost: then the claim ends.
--
-- KEYS[1]  the newest sign of each node, a hash
-- KEYS[2]  the claim on the node: the instance that takes over
-- ARGV[1]  the node
-- ARGV[2]  the sign by which it was taken for lost
-- ARGV[3]  the instance that takes over
-- ARGV[4]  ms for which it stays claimed
--
-- returns  1 for who has the claim now, 0 for all others
local by = redis.call('GET', KEYS[2])
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  if by == ARGV[3] then
    redis.call('DEL', KEYS[2])
  end
  return 0
end
if by and by ~= ARGV[3] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return 1
