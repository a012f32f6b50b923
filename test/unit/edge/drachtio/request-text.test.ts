import { describe, expect, test } from 'vitest';
import {
  headInDialog,
  headOutOfDialog,
  notifyText,
  silentEndText,
  startLineOctets,
} from '../../../../src/edge/drachtio/request-text.ts';
import { requestUri } from '../../../../src/edge/drachtio/request-uri.ts';
import type { Notify } from '../../../../src/ports/edge.ts';
import type { SubscriptionRecord } from '../../../../src/ports/subscriptions.ts';
import { RECORD } from './record.ts';

const NOTIFY: Notify = {
  cseq: 7,
  subscriptionState: 'active;expires=60',
  contentType: 'text/plain',
  headers: ['SIP-ETag', 'e7'],
  body: 'caf\xc3\xa9',
  last: false,
};

const INSIDE = 'call;from-tag=theirs';

describe('a NOTIFY inside a dialog of drachtio-server', () => {
  const head = headInDialog(RECORD, INSIDE);

  test('rule 4: names the dialog and a dummy URI, and nothing that drachtio-server knows better', () => {
    expect(notifyText(head, NOTIFY, 7).split('\r\n')).toEqual([
      '|sip||call;from-tag=theirs',
      'NOTIFY sip:x@dialog.invalid SIP/2.0',
      'Event: dialog;id=9',
      'Contact: <sip:192.0.2.1:5060>',
      'CSeq: 7 NOTIFY',
      'Subscription-State: active;expires=60',
      'SIP-ETag: e7',
      'Content-Type: text/plain',
      '',
      'caf\xc3\xa9',
    ]);
  });

  test('has neither body nor Content-Type when there is none', () => {
    const text = notifyText(head, { ...NOTIFY, contentType: '', headers: [], body: '' }, 7);
    expect(text.endsWith('Subscription-State: active;expires=60\r\n\r\n')).toBe(true);
  });
});

describe('a NOTIFY outside every dialog of drachtio-server', () => {
  const linesOf = (record: SubscriptionRecord): readonly string[] =>
    notifyText(headOutOfDialog(record), NOTIFY, 61).split('\r\n');

  test('rule 5: says tags, Call-ID and CSeq itself, and goes to the flow', () => {
    expect(linesOf(RECORD)).toEqual([
      '|sip|||sip:[2001:db8::9]:40000;transport=tcp',
      'NOTIFY sip:1009@10.0.0.9:5060 SIP/2.0',
      'From: <sip:1001@example.com>;tag=ours',
      'To: "Caf\xc3\xa9" <sip:1009@example.com>;tag=theirs',
      'Call-ID: call',
      'Event: dialog;id=9',
      'Contact: <sip:192.0.2.1:5060>',
      'CSeq: 61 NOTIFY',
      'Subscription-State: active;expires=60',
      'SIP-ETag: e7',
      'Content-Type: text/plain',
      '',
      'caf\xc3\xa9',
    ]);
  });

  test('RFC 3261 §12.2.1.1: has no To tag for a phone that gave none', () => {
    const dialog = { ...RECORD.dialog, remoteTag: '' };
    expect(linesOf({ ...RECORD, dialog })).toContain('To: "Caf\xc3\xa9" <sip:1009@example.com>');
  });

  test('follows a route set instead of the flow', () => {
    const dialog = { ...RECORD.dialog, routeSet: ['<sip:192.0.2.5;lr>'] };
    expect(linesOf({ ...RECORD, dialog }).slice(0, 2)).toEqual([
      '|sip||',
      'NOTIFY sip:1009@10.0.0.9:5060?Route=%3Csip:192.0.2.5%3Blr%3E SIP/2.0',
    ]);
  });

  test('its start line is measured', () => {
    const text = notifyText(headOutOfDialog(RECORD), NOTIFY, 61);
    expect(startLineOctets(text)).toBe('NOTIFY sip:1009@10.0.0.9:5060 SIP/2.0'.length);
  });
});

describe('silentEndText()', () => {
  test('rule 6: is `terminated`, in the dialog for drachtio-server and in none for the phone', () => {
    expect(silentEndText('d', 'nobody').split('\r\n')).toEqual([
      '|sip||d',
      'NOTIFY sip:x@dialog.invalid SIP/2.0',
      'Call-ID: nobody',
      'Event: dialog',
      'Subscription-State: terminated;reason=noresource',
      '',
      '',
    ]);
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
