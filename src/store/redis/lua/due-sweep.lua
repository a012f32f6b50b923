-- Reads what is due in several buckets. For a single Redis only: the keys are on many slots.
--
-- KEYS[n]  the due index of a bucket: resources by deadline
-- ARGV[1]  now, ms since the epoch
-- ARGV[2]  how many resources to give at most
--
-- returns  {number of buckets that were looked at, resource, resource, ...}
local found = { 0 }
local room = tonumber(ARGV[2])
for index, key in ipairs(KEYS) do
  if room <= 0 then
    break
  end
  local due = redis.call('ZRANGEBYSCORE', key, '-inf', ARGV[1], 'LIMIT', 0, room)
  for _, resource in ipairs(due) do
    found[#found + 1] = resource
  end
  room = room - #due
  found[1] = index
end
return found
