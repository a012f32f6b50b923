import { expect, test } from 'vitest';
import type { SubscriptionRecord } from '../../../src/ports/subscriptions.ts';
import { toUtf8 } from '../../../src/sip/utf8.ts';
import { harness } from './harness.ts';

const record: SubscriptionRecord = {
  id: 'b17-abc',
  resource: { realm: 'default', user: '1001' },
  package: 'dialog',
  eventId: null,
  contentType: 'application/dialog-info+xml',
  entity: 'sip:1001@127.0.0.1',
  dialog: {
    callId: 'c1',
    localTag: 'b17-abc',
    remoteTag: 'r1',
    localUri: '<sip:1001@127.0.0.1>',
    remoteUri: toUtf8('"Zoë" <sip:2002@127.0.0.1>'),
    localTarget: 'sip:127.0.0.1:5060',
    remoteTarget: 'sip:2002@192.0.2.9:5061',
    routeSet: [],
    remoteCseq: 1,
  },
  flow: {
    transport: 'udp',
    remoteAddress: '192.0.2.9',
    remotePort: 5061,
    localAddress: '192.0.2.1',
    localPort: 5060,
  },
  stack: null,
  userAgent: 'Yealink T46',
  instance: null,
  identity: null,
  rates: null,
  createdAt: Date.UTC(2026, 10, 22),
  expiresAt: Date.UTC(2026, 10, 22, 1),
  acked: { rev: 4, change: 'x' },
  cseqCeiling: 50,
  versionCeiling: 50,
  owner: 'node1',
  epoch: 1,
};

test('GET presence/{id}/watchers shows who watches, and what each has confirmed', async () => {
  const { call, service } = harness();
  service.records = [record];
  const { status, json } = await call('GET', '/v1/realms/default/presence/1001/watchers');
  expect(status).toBe(200);
  expect(json.items).toEqual([
    {
      id: 'b17-abc',
      package: 'dialog',
      watcher: '"Zoë" <sip:2002@127.0.0.1>',
      contact: 'sip:2002@192.0.2.9:5061',
      userAgent: 'Yealink T46',
      transport: 'udp',
      address: '192.0.2.9',
      port: 5061,
      node: 'node1',
      createdAt: '2026-11-22T00:00:00.000Z',
      expiresAt: '2026-11-22T01:00:00.000Z',
      confirmedRev: 4,
    },
  ]);
});
