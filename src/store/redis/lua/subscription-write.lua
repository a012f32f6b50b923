-- Stores, replaces and removes subscriptions, in this order. What another owner has written meanwhile is left alone.
--
-- KEYS[3n-2]   a record, a hash
-- KEYS[3n-1]   the subscriptions of its resource: ids by expiry
-- KEYS[3n]     the board of its resource
-- ARGV[1]      ms for which a board without content stays because it is watched
-- ARGV[11n-9]  create, update or remove
-- ARGV[11n-8]  the id
-- ARGV[11n-7]  update and remove: the epoch that must be stored
-- ARGV[11n-6]  when the subscription expires, ms since the epoch; remove: it and all below are empty
-- ARGV[11n-5]  ms until the record is forgotten
-- ARGV[11n-4]  the other fields of the record: fixed, acked, CSeq ceiling, version ceiling, owner, epoch
--
-- returns      for each: create: the board as it is stored, or nil; else ok, stale (another epoch is stored)
--              or gone (no record)
local function keep(at, base)
  local record, subscriptions, board = KEYS[at], KEYS[at + 1], KEYS[at + 2]
  local id, expiresAt, lifetime = ARGV[base + 1], ARGV[base + 3], ARGV[base + 4]
  redis.call(
    'HSET', record,
    'fixed', ARGV[base + 5], 'acked', ARGV[base + 6],
    'cseqCeiling', ARGV[base + 7], 'versionCeiling', ARGV[base + 8],
    'owner', ARGV[base + 9], 'epoch', ARGV[base + 10], 'expiresAt', expiresAt
  )
  redis.call('PEXPIRE', record, lifetime)
  redis.call('ZADD', subscriptions, expiresAt, id)
  if redis.call('PTTL', subscriptions) < tonumber(lifetime) then
    redis.call('PEXPIRE', subscriptions, lifetime)
  end
  if redis.call('PTTL', board) >= 0 then
    redis.call('PEXPIRE', board, ARGV[1])
  end
end

local function create(at, base)
  keep(at, base)
  return redis.call('GET', KEYS[at + 2])
end

local function update(at, base)
  local stored = redis.call('HMGET', KEYS[at], 'epoch', 'owner')
  if stored[1] == false then
    return 'gone'
  end
  -- The second case is this very write, sent again by the client after a lost reply.
  local again = stored[1] == ARGV[base + 10] and stored[2] == ARGV[base + 9]
  if stored[1] ~= ARGV[base + 2] and not again then
    return 'stale'
  end
  keep(at, base)
  return 'ok'
end

local function remove(at, base)
  local epoch = redis.call('HGET', KEYS[at], 'epoch')
  if epoch ~= false and epoch ~= ARGV[base + 2] then
    return 'stale'
  end
  redis.call('ZREM', KEYS[at + 1], ARGV[base + 1])
  return redis.call('DEL', KEYS[at]) == 0 and 'gone' or 'ok'
end

local operations = { create = create, update = update, remove = remove }
local answers = {}
for number = 1, #KEYS / 3 do
  local base = 11 * number - 9
  answers[number] = operations[ARGV[base]](3 * number - 2, base)
end
return answers
