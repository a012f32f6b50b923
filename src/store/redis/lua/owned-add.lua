-- Notes that a node owns subscriptions.
--
-- KEYS[1]   the ids that the node owns, all with score 0: in lexicographic order
-- ARGV[1]   ms for which the index is wanted for these subscriptions
-- ARGV[2..] the ids
--
-- returns   nothing
local members = {}
for index = 2, #ARGV do
  members[2 * index - 3] = 0
  members[2 * index - 2] = ARGV[index]
end
redis.call('ZADD', KEYS[1], unpack(members))
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
