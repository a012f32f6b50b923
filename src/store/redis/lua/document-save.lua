-- Stores a callflow, a seat or a list if nobody has saved it meanwhile, in one step.
--
-- KEYS[1]  the documents of the realm, a hash: id to `<rev> <write id> <JSON>`
-- KEYS[2]  the stamp of the realm's documents of this kind; missing for a seat
-- ARGV[1]  the id
-- ARGV[2]  the rev that must be stored; 0: there must be none
-- ARGV[3]  `<rev> <write id> ` of the new document; the write id is that of no other write
-- ARGV[4]  the new document, JSON
-- ARGV[5]  the new stamp
--
-- returns  ok, stale (another rev is stored) or gone (no such document)
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored == false and ARGV[2] ~= '0' then
  return 'gone'
end
if stored ~= false then
  -- This very write, sent again by the client after a lost reply.
  if string.sub(stored, 1, #ARGV[3]) == ARGV[3] then
    return 'ok'
  end
  if string.match(stored, '^%d+') ~= ARGV[2] then
    return 'stale'
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ARGV[4])
if KEYS[2] then
  redis.call('SET', KEYS[2], ARGV[5])
end
return 'ok'
