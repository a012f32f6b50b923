-- Removes a subscription, if its owner is still who the writer thinks.
--
-- KEYS[1]  the record, a hash
-- KEYS[2]  the subscriptions of the resource: ids by expiry
-- ARGV[1]  the id
-- ARGV[2]  the epoch that must be stored
--
-- returns  ok, stale (another epoch is stored) or gone (no record; its index entry is removed all the same)
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch ~= false and epoch ~= ARGV[2] then
  return 'stale'
end
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('DEL', KEYS[1]) == 0 then
  return 'gone'
end
return 'ok'
