import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteString } from '../../src/sip/message.ts';
import { subscribeText } from '../unit/sip/sample.ts';

const TORTURE = join(import.meta.dirname, '../fixture/torture');

/** The messages of RFC 4475. */
const TORTURES = readdirSync(TORTURE).map((file) => readFileSync(join(TORTURE, file), 'latin1'));

const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';

/** Requests and responses as phones send them, and those of RFC 4475. */
export const MESSAGES: readonly ByteString[] = [
  subscribeText(),
  subscribeText({
    Event: 'presence;id=7',
    Accept: ['application/pidf+xml, */*;q=0.1', 'text/plain'],
    Expires: '0',
  }),
  subscribeText({
    To: '<sip:1001@example.com>;tag=b17-0011223344556677',
    'Record-Route': ['<sip:p1.example.com;lr>, <sip:p2;lr;x="a,b">', '<sips:[2001:db8::1]:5061;lr>'],
    Supported: 'eventlist, replaces',
  }),
  'SIP/2.0 200 OK\r\nv: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK77\r\nf: <sip:1@b>;tag=1\r\nt: <sip:2@b>;tag=2\r\ni: x\r\nCSeq: 7 NOTIFY\r\nRetry-After: 5 (later);duration=3\r\nl: 0\r\n\r\n',
  `INVITE sip:*30@example.com SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK5\r\nMax-Forwards: 70\r\nFrom: "A \\" B" <sip:100@example.com>;tag=1\r\nTo: <sip:*30@example.com>\r\nCall-ID: 1@x\r\nCSeq: 1 INVITE\r\nContact: <sip:100@df7jal23ls0d.invalid;transport=ws>\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
  ...TORTURES,
];
