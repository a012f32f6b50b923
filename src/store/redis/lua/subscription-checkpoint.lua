-- Writes the progress of several subscriptions. Ceilings never go back.
--
-- KEYS[n]   a record, a hash
-- ARGV[n]   `<epoch that must be stored in it> <CSeq ceiling> <version ceiling> <acked>`; acked is empty or has a space
--
-- returns   the numbers (from 1) of the keys that were skipped: stale or gone
local skipped = {}
for index, key in ipairs(KEYS) do
  local epoch, cseq, version, acked = string.match(ARGV[index], '^(%d+) (%d+) (%d+) (.*)$')
  local stored = redis.call('HMGET', key, 'epoch', 'cseqCeiling', 'versionCeiling')
  if stored[1] == epoch then
    cseq = math.max(tonumber(cseq), tonumber(stored[2]))
    version = math.max(tonumber(version), tonumber(stored[3]))
    redis.call('HSET', key, 'acked', acked, 'cseqCeiling', cseq, 'versionCeiling', version)
  else
    skipped[#skipped + 1] = index
  end
end
return skipped
