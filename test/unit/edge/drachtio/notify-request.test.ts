import { describe, expect, test } from 'vitest';
import {
  notifyInDialog,
  notifyOutOfDialog,
  silentEnd,
} from '../../../../src/edge/drachtio/notify-request.ts';
import { requestUri } from '../../../../src/edge/drachtio/request-uri.ts';
import type { Notify } from '../../../../src/ports/edge.ts';
import { RECORD } from './record.ts';

const NOTIFY: Notify = {
  cseq: 7,
  subscriptionState: 'active;expires=60',
  contentType: 'text/plain',
  headers: ['SIP-ETag', 'e7'],
  body: 'caf\xc3\xa9',
  last: false,
};
describe('notifyInDialog()', () => {
  test('rule 4: names the dialog and a dummy URI, and nothing that drachtio-server knows better', () => {
    expect(notifyInDialog(RECORD, NOTIFY, 'call;from-tag=theirs')).toEqual({
      method: 'NOTIFY',
      uri: 'sip:x@dialog.invalid',
      stackDialogId: 'call;from-tag=theirs',
      headers: {
        Event: 'dialog;id=9',
        'Subscription-State': 'active;expires=60',
        'SIP-ETag': 'e7',
        Contact: '<sip:192.0.2.1:5060>',
        'Content-Type': 'text/plain',
      },
      body: 'café',
    });
  });

  test('has neither body nor Content-Type when there is none', () => {
    const request = notifyInDialog(RECORD, { ...NOTIFY, contentType: '', body: '' }, 'd');
    expect(request.body).toBeUndefined();
    expect(request.headers).not.toHaveProperty('Content-Type');
  });
});

describe('notifyOutOfDialog()', () => {
  test('rule 5: says tags, Call-ID and CSeq itself, and goes to the flow', () => {
    const request = notifyOutOfDialog(RECORD, NOTIFY, 61);
    expect(request).toMatchObject({
      uri: 'sip:1009@10.0.0.9:5060',
      proxy: 'sip:[2001:db8::9]:40000;transport=tcp',
      headers: {
        From: '<sip:1001@example.com>;tag=ours',
        To: '"Café" <sip:1009@example.com>;tag=theirs',
        'Call-ID': 'call',
        CSeq: '61 NOTIFY',
      },
    });
    expect(request.stackDialogId).toBeUndefined();
  });

  test('RFC 3261 §12.2.1.1: has no To tag for a phone that gave none', () => {
    const dialog = { ...RECORD.dialog, remoteTag: '' };
    expect(notifyOutOfDialog({ ...RECORD, dialog }, NOTIFY, 1).headers.To).toBe(
      '"Café" <sip:1009@example.com>',
    );
  });

  test('follows a route set instead of the flow', () => {
    const dialog = { ...RECORD.dialog, routeSet: ['<sip:192.0.2.5;lr>'] };
    expect(notifyOutOfDialog({ ...RECORD, dialog }, NOTIFY, 1).proxy).toBeUndefined();
  });
});

describe('silentEnd()', () => {
  test('rule 6: is `terminated`, in the dialog for drachtio-server and in none for the phone', () => {
    expect(silentEnd('d', 'nobody')).toMatchObject({
      stackDialogId: 'd',
      headers: { 'Call-ID': 'nobody', 'Subscription-State': 'terminated;reason=noresource' },
    });
  });
});

describe('requestUri()', () => {
  test('is the target without a route set, less any headers (RFC 3261 §19.1.1)', () => {
    expect(requestUri('sip:a@192.0.2.7?Subject=x', [])).toBe('sip:a@192.0.2.7');
  });

  test('carries a loose route set as escaped headers, in order', () => {
    expect(requestUri('sip:a@192.0.2.7', ['<sip:p1;lr>', '"P 2" <sip:p2;lr;x=%41>'])).toBe(
      'sip:a@192.0.2.7?Route=%3Csip:p1%3Blr%3E&Route=%22P%202%22%20%3Csip:p2%3Blr%3Bx%3D%2541%3E',
    );
  });

  test('RFC 3261 §12.2.1.1: goes to a strict first hop, the target last', () => {
    expect(requestUri('sip:a@192.0.2.7', ['<sip:strict>', '<sip:p2;lr>'])).toBe(
      'sip:strict?Route=%3Csip:p2%3Blr%3E&Route=%3Csip:a%40192.0.2.7%3E',
    );
  });
});
