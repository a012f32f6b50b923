import { createEmbeddedEdge } from '../../src/edge/embedded/edge.ts';
import type { Transport } from '../../src/ports/edge.ts';
import type { Place } from '../support/phone.ts';
import { type EdgeRig, edgeContract } from './edge.ts';

/** Timer F is 64*T1. */
const T1_MS = 20;

async function embeddedRig(): Promise<EdgeRig> {
  const edge = createEmbeddedEdge({
    host: '127.0.0.1',
    udpPort: 0,
    tcpPort: 0,
    wsPort: null,
    external: '',
    trusts: () => true,
    timers: { t1Ms: T1_MS, t2Ms: 8 * T1_MS, t4Ms: 10 * T1_MS },
    maxMessageBytes: 65_535,
    count: () => {},
    log: () => {},
  });
  const place = (transport: Transport): Place => {
    const point = edge.listening().find((each) => each.transport === transport);
    return { address: '127.0.0.1', port: point?.port ?? 0 };
  };
  return { edge, place, timeoutMs: 64 * T1_MS + 1_000, close: async () => {} };
}

edgeContract('the embedded edge', embeddedRig);
