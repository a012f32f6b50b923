import { FAST_TIMERS, makeTestEdge } from '../support/embedded-edge.ts';
import { edgeContract } from './edge.ts';

edgeContract('the embedded edge', async () => {
  const { edge, place } = makeTestEdge();
  return { edge, place, timeoutMs: 64 * FAST_TIMERS.t1Ms + 1_000, close: async () => {} };
});
