import { FAST_TIMERS, makeTestEdge, withTls } from '../support/embedded-edge.ts';
import { type EdgeRig, edgeContract } from './edge.ts';
import { edgeInviteContract } from './edge-invite.ts';
import { edgeKeepAliveContract } from './edge-keep-alive.ts';

async function makeRig(): Promise<EdgeRig> {
  const { edge, place } = makeTestEdge({ ...(await withTls()), keepAlive: 'options' });
  // On a busy machine the ticker falls behind.
  const timeoutMs = 64 * FAST_TIMERS.t1Ms + 20_000;
  return { edge, place, timeoutMs, quietMs: 2 * FAST_TIMERS.t2Ms, close: async () => {} };
}

edgeContract('the embedded edge', makeRig, ['udp', 'tcp', 'tls', 'ws', 'wss']);
edgeInviteContract('the embedded edge', makeRig);
edgeKeepAliveContract('the embedded edge', makeRig);
