-- Removes a callflow with the records of its runs, or a list, if nobody has saved it meanwhile, in one step.
--
-- KEYS[1]  the documents of the realm, a hash: id to `<rev> <write id> <JSON>`
-- KEYS[2]  the stamp of the realm's documents of this kind
-- KEYS[3]  the records of the callflow's runs; missing for a list
-- ARGV[1]  the id
-- ARGV[2]  the rev that must be stored
-- ARGV[3]  the new stamp
--
-- returns  ok, stale (another rev is stored) or gone (no such document)
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored == false then
  return 'gone'
end
if string.match(stored, '^%d+') ~= ARGV[2] then
  return 'stale'
end
redis.call('HDEL', KEYS[1], ARGV[1])
if KEYS[3] then
  redis.call('DEL', KEYS[3])
end
redis.call('SET', KEYS[2], ARGV[3])
return 'ok'
