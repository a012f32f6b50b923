import type { SubscriptionRecord } from '../../../../src/ports/subscriptions.ts';
import { FLOW } from './arrival.ts';

/** A subscription of a phone that is heard on UDP. */
export const RECORD: SubscriptionRecord = {
  id: 'b7-local',
  resource: { realm: 'default', user: '1001' },
  package: 'dialog',
  eventId: null,
  contentType: 'application/dialog-info+xml',
  entity: 'sip:1001@example.com',
  dialog: {
    callId: 'call-1',
    localTag: 'b7-local',
    remoteTag: 'remote',
    localUri: '<sip:1001@example.com>',
    remoteUri: '"Nine" <sip:1009@example.com>',
    localTarget: 'sip:192.0.2.1:5060',
    remoteTarget: 'sip:1009@198.51.100.7',
    routeSet: [],
    remoteCseq: 1,
  },
  flow: FLOW,
  stack: null,
  userAgent: '',
  instance: null,
  identity: null,
  rates: null,
  createdAt: 0,
  expiresAt: 1,
  acked: null,
  cseqCeiling: 1,
  versionCeiling: 1,
  owner: 'n',
  epoch: 1,
};
