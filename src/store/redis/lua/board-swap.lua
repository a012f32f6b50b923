-- Stores a board if nobody has changed it meanwhile, indexes its deadline and announces it, in one step.
--
-- KEYS[1]  the board: `<change id> <board JSON>`
-- KEYS[2]  the due index of the bucket: resources by deadline
-- KEYS[3]  the counter of the bucket's announcements
-- ARGV[1]  the change id that must be stored; empty: there must be no board
-- ARGV[2]  the change id of the new board
-- ARGV[3]  the new board, JSON
-- ARGV[4]  the resource as it stands in the due index
-- ARGV[5]  its deadline, ms since the epoch; empty: none
-- ARGV[6]  ms until the board is forgotten; empty: never
-- ARGV[7]  the channel of the bucket
-- ARGV[8]  PUBLISH, or SPUBLISH on a Cluster
--
-- returns  {1, number of the announcement} when it was stored,
--          {0, what is stored or nil} when another change came first
local stored = redis.call('GET', KEYS[1])
local expected
if ARGV[1] == '' then
  expected = stored == false
else
  local mark = ARGV[1] .. ' '
  expected = stored ~= false and string.sub(stored, 1, #mark) == mark
end
if not expected then
  return { 0, stored }
end

local value = ARGV[2] .. ' ' .. ARGV[3]
if ARGV[6] == '' then
  redis.call('SET', KEYS[1], value)
else
  redis.call('SET', KEYS[1], value, 'PX', ARGV[6])
end
if ARGV[5] == '' then
  redis.call('ZREM', KEYS[2], ARGV[4])
else
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4])
end
local seq = redis.call('INCR', KEYS[3])
redis.call(ARGV[8], ARGV[7], seq .. ' ' .. ARGV[3])
return { 1, seq }
