import { makeEdge, openTarget, TARGET_NAME } from '../support/drachtio-target.ts';
import { type EdgeRig, edgeContract } from './edge.ts';
import { edgeInviteContract } from './edge-invite.ts';
import { edgeKeepAliveContract } from './edge-keep-alive.ts';

async function makeRig(): Promise<EdgeRig> {
  const target = await openTarget();
  const { edge } = makeEdge([target.server]);
  return {
    edge,
    place: () => target.sip,
    timeoutMs: target.timeoutMs,
    quietMs: target.quietMs,
    // drachtio-server answers by itself, though RFC 3261 §9.2 wants 200.
    cancelStatus: 481,
    close: () => target.close(),
  };
}

edgeContract(`the drachtio edge on ${TARGET_NAME}`, makeRig);
edgeInviteContract(`the drachtio edge on ${TARGET_NAME}`, makeRig);
edgeKeepAliveContract(`the drachtio edge on ${TARGET_NAME}`, makeRig);
