-- Claims something for one node, for a time.
--
-- KEYS[1]  the claim
-- ARGV[1]  the id of this try, that of no other
-- ARGV[2]  ms for which it stays claimed
--
-- returns  1 for who has it now, 0 for all others
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return 1
end
-- This very try, sent again by the client after a lost reply: else nobody would have it.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return 1
end
return 0
