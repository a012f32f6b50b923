import type { SubscriptionRecord } from '../../../../src/ports/subscriptions.ts';

/** A subscription of a phone behind a TCP connection over IPv6. */
export const RECORD: SubscriptionRecord = {
  id: 'b1-x',
  resource: { realm: 'default', user: '1001' },
  package: 'dialog',
  eventId: '9',
  contentType: 'text/plain',
  entity: 'sip:1001@example.com',
  dialog: {
    callId: 'call',
    localTag: 'ours',
    remoteTag: 'theirs',
    localUri: '<sip:1001@example.com>',
    remoteUri: '"Caf\xc3\xa9" <sip:1009@example.com>',
    localTarget: 'sip:192.0.2.1:5060',
    remoteTarget: 'sip:1009@10.0.0.9:5060',
    routeSet: [],
    remoteCseq: 1,
  },
  flow: {
    transport: 'tcp',
    remoteAddress: '2001:db8::9',
    remotePort: 40_000,
    localAddress: '192.0.2.1',
    localPort: 5060,
  },
  stack: null,
  userAgent: '',
  createdAt: 0,
  expiresAt: 0,
  acked: null,
  cseqCeiling: 50,
  versionCeiling: 50,
  owner: 'n',
  epoch: 1,
};
