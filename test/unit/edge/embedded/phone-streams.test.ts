import { describe, expect, test } from 'vitest';
import { PhoneStreams } from '../../../../src/edge/embedded/phone-streams.ts';
import type { IncomingRequest } from '../../../../src/ports/edge.ts';
import type { SubscriptionRecord } from '../../../../src/ports/subscriptions.ts';
import { FLOW, STREAM } from './arrival.ts';
import { RECORD } from './record.ts';

const SOURCE = FLOW.remoteAddress;

interface Facts {
  readonly contact?: string;
  readonly from?: string;
  readonly remoteAddress?: string;
  readonly headers?: readonly string[];
}

/** A SUBSCRIBE on the stream of the phone. */
function heard(facts: Facts = {}): IncomingRequest {
  const { contact = '<sip:9@10.0.0.9:40000;transport=tcp>', from = '<sip:9@example.com>;tag=s' } = facts;
  const headers = ['from', from, 'contact', contact, ...(facts.headers ?? [])];
  const flow = { ...FLOW, transport: 'tcp', remoteAddress: facts.remoteAddress ?? SOURCE } as const;
  return {
    message: { kind: 'request', method: 'SUBSCRIBE', uri: 'sip:1@example.com', headers, body: '' },
    flow,
  };
}

/** The subscription over UDP of a phone. */
function over(contact = 'sip:9@10.0.0.9:5060', more: Partial<SubscriptionRecord> = {}): SubscriptionRecord {
  const dialog = { ...RECORD.dialog, remoteUri: '"Nine" <sip:9@EXAMPLE.com>', remoteTarget: contact };
  return { ...RECORD, dialog, flow: FLOW, ...more };
}

function found(request: IncomingRequest, record: SubscriptionRecord): boolean {
  const streams = new PhoneStreams();
  streams.learn(request, STREAM);
  return streams.of(record) === STREAM;
}

describe('a stream is the same phone', () => {
  test('behind NAT: source address, AOR, user and private host of Contact are the same, whatever the port', () => {
    expect(found(heard(), over())).toBe(true);
  });

  test('not behind NAT: the port of Contact is the same too', () => {
    const request = heard({ contact: `<sip:9@${SOURCE}:5060;transport=tcp>` });
    expect(found(request, over(`sip:9@${SOURCE}`))).toBe(true);
    expect(found(request, over(`sip:9@${SOURCE}:5062`))).toBe(false);
  });

  test('RFC 5626 §4.1: +sip.instance is the same, whatever the Contact', () => {
    const request = heard({ contact: '<sip:9@x.invalid;transport=tcp>;+sip.instance="<urn:uuid:1>"' });
    expect(found(request, over('sip:8@10.0.0.7', { instance: '"<urn:uuid:1>"' }))).toBe(true);
    expect(found(request, over('sip:9@x.invalid', { instance: '"<urn:uuid:2>"' }))).toBe(false);
    expect(found(request, over('sip:9@10.0.0.9'))).toBe(false);
  });
});

describe('a stream is not surely the same phone when', () => {
  test.each<[string, Facts]>([
    ['it comes from another address', { remoteAddress: '198.51.100.8' }],
    ['it has another AOR', { from: '<sip:8@example.com>;tag=s' }],
    ['it has another host in Contact', { contact: '<sip:9@10.0.0.8>' }],
    ['it has another user in Contact', { contact: '<sip:8@10.0.0.9>' }],
    ['its Contact is no SIP URI', { contact: '<tel:+491234>' }],
    ['a proxy stands between', { headers: ['record-route', '<sip:198.51.100.7;lr>'] }],
  ])('%s', (_, facts) => {
    expect(found(heard(facts), over())).toBe(false);
  });

  test('a name stands in both Contacts', () => {
    expect(found(heard({ contact: '<sip:9@phone.local>' }), over('sip:9@phone.local'))).toBe(false);
  });

  test('the subscription goes through proxies', () => {
    const { dialog } = over();
    expect(found(heard(), over(undefined, { dialog: { ...dialog, routeSet: ['<sip:p;lr>'] } }))).toBe(false);
  });
});

test('a stream that is closed is forgotten, the newest one stays', () => {
  const streams = new PhoneStreams();
  const newer = { ...STREAM };
  streams.learn(heard(), STREAM);
  streams.learn(heard(), newer);
  streams.drop(STREAM);
  expect(streams.of(over())).toBe(newer);
  streams.drop(newer);
  expect(streams.of(over())).toBeNull();
});

test('a stream that is not open any more is not given', () => {
  expect(found(heard(), over())).toBe(true);
  const streams = new PhoneStreams();
  streams.learn(heard(), { ...STREAM, open: false });
  expect(streams.of(over())).toBeNull();
});

test('a stream on which any number of phones subscribe is remembered for a few', () => {
  const streams = new PhoneStreams();
  for (let user = 0; user < 20; user += 1) {
    streams.learn(heard({ contact: `<sip:${user}@10.0.0.9>` }), STREAM);
  }
  const known = Array.from({ length: 20 }, (_, user) => streams.of(over(`sip:${user}@10.0.0.9`)));
  expect(known.filter((connection) => connection !== null)).toHaveLength(16);
});
