import { acceptable } from '../../../src/sip/acceptable.ts';
import { parseEvent } from '../../../src/sip/event.ts';
import { splitList } from '../../../src/sip/list.ts';
import { parseMediaRange } from '../../../src/sip/media-type.ts';
import { formatNameAddr, parseNameAddr } from '../../../src/sip/name-addr.ts';
import { readRates } from '../../../src/sip/rate-params.ts';
import { answerStun, isStun } from '../../../src/sip/stun.ts';
import { formatUri, parseUri, unescapeUri } from '../../../src/sip/uri.ts';
import { formatVia, parseVia } from '../../../src/sip/via.ts';
import { type FuzzTarget, promise, promiseSame } from '../fuzz-target.ts';

/** Via: what is written means what was read. */
export const VIA: FuzzTarget = {
  name: 'via',
  seeds: [
    'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport',
    'SIP / 2.0 / TLS [2001:db8::1]:5061 ;received=2001:db8::2; branch=z9hG4bK-.!%66*_+`\'~ ;ttl=16;x="a;b"',
    'SIP/2.0/WSS df7jal23ls0d.invalid;branch=b, SIP/2.0/UDP p;rport=1024',
  ],
  run: (input) => {
    const vias = splitList(input)
      .slice(0, 50)
      .map(parseVia)
      .filter((via) => via !== null);
    const again = vias.map((via) => parseVia(formatVia(via)));
    return () => promiseSame(again, vias, 'a Via is written as it was read');
  },
};

/** URIs: what is written means what was read. */
export const URI: FuzzTarget = {
  name: 'uri',
  seeds: [
    'sip:1001@example.com',
    'sips:user;par=u%40example.net:pass@[2001:db8::1]:5061;transport=tls;lr;x=%6C?Route=%3Csip:a%3E&a=b',
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
    'tel:+431234;phone-context=x',
  ],
  run: (input) => {
    unescapeUri(input);
    const uri = parseUri(input);
    const again = uri && parseUri(formatUri(uri));
    return () => promiseSame(again, uri, 'a URI is written as it was read');
  },
};

/** Addresses: what is written means what was read. */
export const NAME_ADDR: FuzzTarget = {
  name: 'name-addr',
  seeds: [
    '"Reception \\"1\\"" <sip:100@example.com;transport=tcp>;tag=x;q=0.5',
    'sip:100@example.com;tag=98',
    'A. Bell <sip:a@b>;expires=1;+sip.instance="<urn:uuid:1>"',
    '<tel:+1>, "x, y" <sip:a@b>',
  ],
  run: (input) => {
    const addresses = splitList(input)
      .slice(0, 50)
      .map(parseNameAddr)
      .filter((address) => address !== null);
    const again = addresses.map((address) => parseNameAddr(formatNameAddr(address)));
    return () => promiseSame(again, addresses.map(flat), 'an address is written as it was read');
  },
};

/** Event, with the rates of RFC 6446. */
export const EVENT: FuzzTarget = {
  name: 'event',
  seeds: [
    'dialog;id=7',
    'Presence ; max-rate=0.5;min-rate=1;id="a;b"',
    'presence.winfo',
    'dialog;call-id="x\\"y"',
  ],
  run: (input) => {
    const event = parseEvent(input);
    const rates = Object.values(readRates(event?.params ?? []));
    return () => {
      if (event !== null) promise(/^[^A-Z]+$/.test(event.package), 'a package in lower case');
      for (const rate of rates) promise(rate > 0 && rate < 100, 'a rate in its range');
    };
  },
};

const OFFERED = ['application/dialog-info+xml', 'application/pidf+xml', 'text/plain'];

/** Accept. */
export const ACCEPT: FuzzTarget = {
  name: 'accept',
  seeds: ['application/dialog-info+xml', 'application/*;q=0.5, */*;q=0.001, text/plain;charset="a,b"', ''],
  run: (input) => {
    const ranges = splitList(input)
      .slice(0, 500)
      .map(parseMediaRange)
      .filter((range) => range !== null);
    const chosen = acceptable(ranges, OFFERED);
    return () => {
      for (const { quality } of ranges) promise(quality >= 0 && quality <= 1, 'a quality from 0 to 1');
      promise(chosen === null || OFFERED.includes(chosen), 'what is chosen was offered');
    };
  },
};

const BINDING = '\x00\x01\x00\x08\x21\x12\xa4\x42abcdefghijkl\x80\x22\x00\x04test';

/** STUN: an answer is never much longer than its request. */
export const STUN: FuzzTarget = {
  name: 'stun',
  seeds: [
    BINDING,
    '\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl',
    `\x00\x01\x00\x14${BINDING.slice(4)}\x00\x06\x00\x01a\x00\x00\x00`,
  ],
  run: (input) => {
    isStun(input);
    const outcome = answerStun(input, '2001:db8::1', 65_535);
    return () => {
      if (outcome.kind === 'answer') promise(outcome.bytes.length <= input.length + 24, 'no amplification');
    };
  },
};

/** A quoted name that holds line ends is written with spaces in their place. */
function flat(address: NonNullable<ReturnType<typeof parseNameAddr>>): unknown {
  return { ...address, display: address.display?.replace(/[\r\n]/g, ' ') ?? null };
}
