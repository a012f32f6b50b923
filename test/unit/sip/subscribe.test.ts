import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SipRequest } from '../../../src/sip/message.ts';
import { readSubscribe, type SubscribeFields } from '../../../src/sip/subscribe.ts';
import { headerValue } from './arbitrary.ts';
import { type Changes, subscribeRequest } from './sample.ts';

function read(changes: Changes = {}, startLine?: string): SubscribeFields {
  const reading = readSubscribe(subscribeRequest(changes, startLine));
  if (reading.kind === 'refused') throw new Error(reading.refusal.reason);
  return reading.fields;
}

describe('readSubscribe() reads', () => {
  test('everything a notifier asks of a SUBSCRIBE (RFC 6665 §3.1)', () => {
    expect(read()).toEqual({
      event: { package: 'dialog', id: null, params: [] },
      expires: 3600,
      accept: [{ type: 'application/dialog-info+xml', quality: 1 }],
      supported: [],
      contact: { display: null, uri: 'sip:100@192.0.2.10:5060', params: [] },
      from: { display: 'Reception', uri: 'sip:100@example.com', params: [['tag', 'phone']] },
      fromTag: 'phone',
      to: { display: null, uri: 'sip:1001@example.com', params: [] },
      toTag: null,
      callId: 'a84b4c76e66710',
      cseq: { number: 1, method: 'SUBSCRIBE' },
      recordRoute: [],
      userAgent: 'Phone/1.0',
      suppressIfMatch: null,
      target: { user: '1001', host: 'example.com', uri: 'sip:1001@example.com' },
    });
  });

  test('a missing and a repeated Event as what they are: both are 489 (RFC 6665 §8.2.1)', () => {
    expect(read({ Event: null }).event).toBe('missing');
    expect(read({ Event: ['dialog', 'presence'] }).event).toBe('repeated');
    expect(read({ Event: ['dialog', 'dialog'] }).event).toBe('repeated');
  });

  test('Expires: null when absent, 0 for the end, at most 2^32-1 (RFC 3261 §20.19)', () => {
    expect(read({ Expires: null }).expires).toBeNull();
    expect(read({ Expires: '0' }).expires).toBe(0);
    expect(read({ Expires: '99999999999' }).expires).toBe(4_294_967_295);
  });

  test('Accept: null when absent, empty when empty (RFC 3261 §20.1), malformed elements left out (§8.2.2)', () => {
    expect(read({ Accept: null }).accept).toBeNull();
    expect(read({ Accept: '' }).accept).toEqual([]);
    expect(read({ Accept: ['Application/PIDF+XML;q=0.5;x=y, junk', '*/*'] }).accept).toEqual([
      { type: 'application/pidf+xml', quality: 0.5 },
      { type: '*/*', quality: 1 },
    ]);
    expect(read({ Accept: 'junk' }).accept).toBeNull();
  });

  test('tags of both ends; a phone of RFC 2543 has none', () => {
    const fields = read({ From: '<sip:a@b>', To: '<sip:a@b>;tag=b17-x' });
    expect(fields).toMatchObject({ fromTag: '', toTag: 'b17-x' });
  });

  test('Record-Route in received order, one address each (RFC 3261 §12.1.1)', () => {
    const fields = read({ 'Record-Route': ['<sip:p1;lr>,<sip:p2;lr>', '<sip:p3;lr>'] });
    expect(fields.recordRoute).toEqual(['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr>']);
  });

  test('a Contact beside empty list elements, as inspectRequest() does', () => {
    expect(read({ Contact: '<sip:a@b>, ' }).contact.uri).toBe('sip:a@b');
  });

  test('option tags of Supported in lower case', () => {
    expect(read({ Supported: ['eventlist, Replaces', 'GRUU'] }).supported).toEqual([
      'eventlist',
      'replaces',
      'gruu',
    ]);
  });
});

describe('readSubscribe() finds the target', () => {
  const target = (uri: string, to = '<sip:2000@to.example>') =>
    read({ To: to }, `SUBSCRIBE ${uri} SIP/2.0`).target;

  test('in the Request-URI, port and parameters dropped from the host', () => {
    expect(target('sip:1001:pw@Example.COM:5062;user=phone?a=b')).toEqual({
      user: '1001',
      host: 'example.com',
      uri: 'sip:1001@example.com:5062',
    });
  });

  test('in To when the Request-URI has no user part, as some phones send it', () => {
    expect(target('sip:192.0.2.1')).toEqual({ user: '2000', host: 'to.example', uri: 'sip:2000@to.example' });
  });

  test.each([
    ['sip:%2330@b', '#30'],
    ['sip:*97@b', '*97'],
    ['sip:j%C3%B6rg@b', 'j\u00f6rg'],
    ['sip:j\xc3\xb6rg@b', 'j\u00f6rg'],
    ['sip:%ff@b', '\ufffd'],
    ['sip:a%40c@b', 'a@c'],
  ])('of %j as text, escapes resolved', (uri, user) => {
    expect(target(uri)?.user).toBe(user);
  });

  test('on an IPv6 host without brackets', () => {
    expect(target('sip:1001@[2001:DB8::1]:5060')).toMatchObject({ host: '2001:db8::1' });
  });

  test('nowhere when neither URI has a user part', () => {
    expect(target('sip:192.0.2.1', '<sip:to.example>')).toBeNull();
  });
});

describe('readSubscribe() refuses with 400', () => {
  test.each([
    ['Event', ';id=1'],
    ['Event', 'dialog, presence'],
    ['Expires', 'soon'],
    ['Expires', '-1'],
    ['Expires', '60, 60'],
    ['Contact', 'x'],
    ['From', 'x'],
    ['To', 'x'],
    ['CSeq', 'x'],
  ])('the malformed %s "%s"', (name, value) => {
    expect(readSubscribe(subscribeRequest({ [name]: value }))).toEqual({
      kind: 'refused',
      refusal: { status: 400, reason: `Malformed ${name} Header Field`, headers: [] },
    });
  });

  test('a repeated Expires', () => {
    expect(readSubscribe(subscribeRequest({ Expires: ['60', '60'] }))).toMatchObject({ kind: 'refused' });
  });

  test('or reads any header values, without throwing', () => {
    const names = [
      'event',
      'expires',
      'accept',
      'contact',
      'from',
      'to',
      'cseq',
      'call-id',
      'record-route',
      'supported',
    ];
    const extra = fc.array(fc.tuple(fc.constantFrom(...names), headerValue)).map((fields) => fields.flat());
    fc.assert(
      fc.property(extra, headerValue, (before, uri) => {
        const sound = subscribeRequest();
        const request: SipRequest = { ...sound, uri, headers: [...before, ...sound.headers] };
        expect(['read', 'refused']).toContain(readSubscribe(request).kind);
      }),
    );
  });
});
