-- Writes the progress of several subscriptions. Ceilings never go back.
--
-- KEYS[n]        a record, a hash
-- ARGV[4n-3]     the epoch that must be stored in it
-- ARGV[4n-2]     acked
-- ARGV[4n-1]     CSeq ceiling
-- ARGV[4n]       version ceiling
--
-- returns        the numbers (from 1) of the keys that were skipped: stale or gone
local skipped = {}
for index, key in ipairs(KEYS) do
  local base = 4 * (index - 1)
  local stored = redis.call('HMGET', key, 'epoch', 'cseqCeiling', 'versionCeiling')
  if stored[1] == ARGV[base + 1] then
    local cseq = math.max(tonumber(ARGV[base + 3]), tonumber(stored[2]))
    local version = math.max(tonumber(ARGV[base + 4]), tonumber(stored[3]))
    redis.call('HSET', key, 'acked', ARGV[base + 2], 'cseqCeiling', cseq, 'versionCeiling', version)
  else
    skipped[#skipped + 1] = index
  end
end
return skipped
