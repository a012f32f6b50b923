import { createEmbeddedStore } from '../../../src/store/embedded/store.ts';
import { callflowOf, runOf, seatOf } from './callflow-values.ts';

/**
 * Run as a process: opens the data directory of argv[2], says `open`, and then saves a callflow and a seat and adds
 * a run as fast as it can. Each number on standard output is a rev that was acknowledged. Ends only when it is killed.
 */
const { callflows } = await createEmbeddedStore({ dataDir: process.argv[2] ?? '' });
const realm = 'acme.example';
process.stdout.write('open\n');
for (let rev = 1; ; rev += 1) {
  await Promise.all([
    callflows.save(callflowOf(realm, { id: 'flow', rev }), rev - 1),
    callflows.saveSeat(seatOf(realm, { id: 'seat', rev }), rev - 1),
    callflows.addRun(runOf(realm, 'flow', { number: String(rev) })),
    callflows.claim(`claim ${rev}`, 600_000),
    callflows.setScheduledUntil(realm, rev),
  ]);
  process.stdout.write(`${rev}\n`);
}
