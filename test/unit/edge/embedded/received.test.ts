import { describe, expect, test } from 'vitest';
import { responsePort, returnedVias, topVia, usableVia } from '../../../../src/edge/embedded/received.ts';
import type { Flow } from '../../../../src/ports/edge.ts';
import type { SipRequest } from '../../../../src/sip/message.ts';
import { parseVia, type Via } from '../../../../src/sip/via.ts';

const FLOW: Flow = {
  transport: 'udp',
  remoteAddress: '198.51.100.7',
  remotePort: 31_337,
  localAddress: '192.0.2.1',
  localPort: 5060,
};

function received(...vias: string[]): { readonly top: Via | null; readonly lines: readonly string[] } {
  const headers = vias.flatMap((via) => ['via', via]);
  const request: SipRequest = { kind: 'request', method: 'OPTIONS', uri: 'sip:x', headers, body: '' };
  const via = topVia(request);
  if (via === null) throw new Error('The test wants a Via');
  const lines = returnedVias(request, via, FLOW).filter((_, at) => at % 2 === 1);
  return { top: parseVia(lines[0]?.split(',')[0] ?? ''), lines };
}

describe('returnedVias()', () => {
  test('RFC 3261 §18.2.1: adds received when sent-by is another address', () => {
    const { top } = received('SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1');
    expect(top).toMatchObject({ received: '198.51.100.7', rport: undefined, branch: 'z9hG4bK1' });
  });

  test('RFC 3261 §18.2.1: adds received when sent-by is a name', () => {
    expect(received('SIP/2.0/UDP phone.example.com;branch=z9hG4bK1').top?.received).toBe('198.51.100.7');
  });

  test('RFC 3261 §18.2.1: adds nothing when sent-by is the source address', () => {
    expect(received('SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1').top?.received).toBeNull();
  });

  test('RFC 3581 §4: rport gets the source port, and received is there even if it says nothing new', () => {
    const { top } = received('SIP/2.0/UDP 198.51.100.7:5060;rport;branch=z9hG4bK1');
    expect(top).toMatchObject({ received: '198.51.100.7', rport: 31_337 });
  });

  test('what a client claims about itself is replaced', () => {
    const { top } = received('SIP/2.0/UDP 10.0.0.9;rport=1;received=203.0.113.1;branch=z9hG4bK1');
    expect(top).toMatchObject({ received: '198.51.100.7', rport: 31_337 });
  });

  test('only the top Via is touched, on its own line or in a list', () => {
    const second = 'SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK2';
    const [, line] = received('SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK1', second).lines;
    expect(line).toBe(second);
    const [list] = received(`SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK1, ${second}`).lines;
    expect(list?.endsWith(`, ${second}`)).toBe(true);
  });
});

describe('usableVia()', () => {
  const ofVia = (via: string): Via | null => {
    return usableVia({ kind: 'request', method: 'OPTIONS', uri: 'sip:x', headers: ['via', via], body: '' });
  };

  test('RFC 4475 §3.1.2.1: reads sent-by where what follows is malformed, to answer to the source', () => {
    expect(ofVia('SIP/2.0/UDP 192.0.2.15;;,;,,')).toMatchObject({
      host: '192.0.2.15',
      branch: null,
      rport: null,
    });
  });

  test('RFC 4475 §3.1.2.16: reads that of another version of SIP', () => {
    const via = ofVia('SIP/7.0/UDP c.example.com;branch=z9hG4bK1');
    expect(via).toMatchObject({ host: 'c.example.com', branch: 'z9hG4bK1' });
  });

  test.each(['', ';branch=z9hG4bK1', 'HTTP/1.1 x', 'SIP/2.0/UDP'])('is null for "%s"', (via) => {
    expect(ofVia(via)).toBeNull();
  });
});

describe('responsePort()', () => {
  function portFor(via: string, remoteAddress = FLOW.remoteAddress): number {
    const parsed = parseVia(via);
    if (parsed === null) throw new Error('The test wants a Via');
    return responsePort(parsed, { ...FLOW, remoteAddress });
  }

  test('RFC 3581 §4: is the source port when rport is there', () => {
    expect(portFor('SIP/2.0/UDP 198.51.100.7:5060;rport;branch=z9hG4bK1')).toBe(31_337);
  });

  test('RFC 3261 §18.2.2: is that of sent-by without it, or 5060', () => {
    expect(portFor('SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK1')).toBe(5070);
    expect(portFor('SIP/2.0/UDP 203.0.113.9;branch=z9hG4bK1')).toBe(5060);
    expect(portFor('SIP/2.0/UDP phone.example.com:5070;branch=z9hG4bK1')).toBe(5070);
    expect(portFor('SIP/2.0/UDP 198.51.100.7:0;branch=z9hG4bK1')).toBe(5060);
  });

  test('is the source port when sent-by is private and the source is not: there is a NAT between', () => {
    expect(portFor('SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bK1')).toBe(31_337);
    expect(portFor('SIP/2.0/UDP 192.168.1.20:5070;branch=z9hG4bK1', '10.0.0.1')).toBe(5070);
  });
});
