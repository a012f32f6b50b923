-- Gives a sign of life, unless another process has the name.
--
-- KEYS[1]  the newest sign of each node, a hash: "<instance> <count>", or - for one that has left
-- KEYS[2]  the claim on this node: the instance that takes over
-- ARGV[1]  the node
-- ARGV[2]  the instance
-- ARGV[3]  the sign that may be replaced whoever gave it; empty: none
--
-- returns  {1 or 0 when refused, 1 while another takes over, node, sign, node, sign ...}
local sign = redis.call('HGET', KEYS[1], ARGV[1])
local ok = 1
local count = 0
if sign and sign ~= '-' then
  local instance, before = string.match(sign, '^(%S+) (%d+)$')
  if instance == ARGV[2] then
    count = tonumber(before)
  elseif instance and sign ~= ARGV[3] then
    ok = 0
  end
end
if ok == 1 then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', count + 1))
end
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, redis.call('EXISTS', KEYS[2]))
table.insert(answer, 1, ok)
return answer
