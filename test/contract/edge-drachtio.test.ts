import { makeEdge, openTarget, TARGET_NAME } from '../support/drachtio-target.ts';
import { edgeContract } from './edge.ts';

edgeContract(`the drachtio edge on ${TARGET_NAME}`, async () => {
  const target = await openTarget();
  const { edge } = makeEdge([target.server]);
  return {
    edge,
    place: () => target.sip,
    timeoutMs: target.timeoutMs,
    // drachtio-server answers by itself, though RFC 3261 §9.2 wants 200.
    cancelStatus: 481,
    close: () => target.close(),
  };
});
