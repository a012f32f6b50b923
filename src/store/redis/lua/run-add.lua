-- Keeps the record of a run, in one step with forgetting the oldest. A record that is there already stays as it is:
-- the client may send it again after a lost reply.
--
-- KEYS[1]  the records of the callflow's runs, a list: newest first
-- KEYS[2]  the callflows of the realm, a hash
-- ARGV[1]  the record, JSON
-- ARGV[2]  the id of the callflow
-- ARGV[3]  how many records stay
-- ARGV[4]  ms until the records of a callflow that is gone are forgotten
--
-- returns  nothing
if redis.call('LPOS', KEYS[1], ARGV[1]) then
  return
end
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[3]) - 1)
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
