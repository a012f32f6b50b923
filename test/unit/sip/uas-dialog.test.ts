import { expect, test } from 'vitest';
import type { SipRequest } from '../../../src/sip/message.ts';
import { uasDialog } from '../../../src/sip/uas-dialog.ts';

const LOCAL = { localTag: 'us', localTarget: 'sip:192.0.2.1:5060' };

function invite(...more: readonly string[]): SipRequest {
  const headers = ['to', '<sip:*30@example.com>', 'call-id', 'c1', 'cseq', '7 INVITE', ...more];
  return { kind: 'request', method: 'INVITE', uri: 'sip:*30@example.com', headers, body: '' };
}

test('RFC 3261 §12.1.1: the dialog is that of the request, seen from our side', () => {
  const request = invite(
    ...['from', '"Ann" <sip:a@b>;tag=f;x=1', 'contact', '<sip:a@192.0.2.10:5062>;expires=60'],
    ...['record-route', '<sip:p1;lr>, <sip:p2;lr>', 'record-route', '<sip:p3;lr>'],
  );
  expect(uasDialog(request, LOCAL)).toEqual({
    ...LOCAL,
    callId: 'c1',
    remoteTag: 'f',
    localUri: '<sip:*30@example.com>',
    remoteUri: '"Ann" <sip:a@b>;x=1',
    remoteTarget: 'sip:a@192.0.2.10:5062',
    routeSet: ['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr>'],
    remoteCseq: 7,
  });
});

test('RFC 3261 §12.1.1: an RFC 2543 caller has no tag', () => {
  expect(uasDialog(invite('from', 'sip:a@b'), LOCAL)).toMatchObject({
    remoteTag: '',
    remoteUri: '<sip:a@b>',
  });
});
