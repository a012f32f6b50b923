-- Writes the progress of several subscriptions. Ceilings never go back.
--
-- KEYS[n]        a record, a hash
-- ARGV[n]        `<epoch> <CSeq ceiling> <version ceiling> <acked>`; the epoch must be stored in the record
--
-- returns        the numbers (from 1) of the keys that were skipped: stale or gone
local skipped = {}
for index, key in ipairs(KEYS) do
  local epoch, cseq, version, acked = string.match(ARGV[index], '^(%d+) (%d+) (%d+) (.*)$')
  local stored = redis.call('HMGET', key, 'epoch', 'cseqCeiling', 'versionCeiling')
  if stored[1] == epoch then
    redis.call('HSET', key, 'acked', acked)
    if tonumber(cseq) > tonumber(stored[2]) then
      redis.call('HSET', key, 'cseqCeiling', cseq)
    end
    if tonumber(version) > tonumber(stored[3]) then
      redis.call('HSET', key, 'versionCeiling', version)
    end
  else
    skipped[#skipped + 1] = index
  end
end
return skipped
