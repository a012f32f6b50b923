import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitList } from '../../../src/sip/list.ts';
import { headerOf } from '../../../src/sip/message.ts';
import { parseMessage } from '../../../src/sip/parse.ts';
import { peekResponse } from '../../../src/sip/peek.ts';
import { parseVia } from '../../../src/sip/via.ts';
import { hostile } from './arbitrary.ts';

const OK = 'SIP/2.0 200 OK\r\n';
const REST = 'From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 NOTIFY\r\n\r\n';

test.each([
  ['Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n'],
  ['Via: SIP/2.0/UDP 192.0.2.1:5060;rport=5060;branch=z9hG4bKa;received=192.0.2.1\r\n'],
  ['v:SIP/2.0/TCP a;branch=z9hG4bKa\r\n'],
  ['X-Via: ;branch=no\r\nVIA : SIP/2.0/TCP a;branch=z9hG4bKa \n'],
  ['Via: SIP/2.0/UDP a;branch=z9hG4bKa\r\nVia: SIP/2.0/UDP b;branch=z9hG4bKb\r\n'],
  ['Via: SIP/2.0/UDP a;branch=z9hG4bKa,SIP/2.0/UDP b;branch=z9hG4bKb\r\n'],
])('peekResponse() finds status and top branch with %j', (via) => {
  expect(peekResponse(OK + via + REST)).toEqual({ status: 200, branch: 'z9hG4bKa' });
});

test.each([
  ['a request', `OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\n${REST}`],
  ['a broken status', `SIP/2.0 2x0 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\n${REST}`],
  ['no Via', OK + REST],
  ['a Via in the body', `${OK}${REST}Via: SIP/2.0/UDP a;branch=z9hG4bKa\r\n`],
  ['no branch in the top Via', `${OK}Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b;branch=z9hG4bKa\r\n${REST}`],
  ['no branch in the top Via of a list', `${OK}Via: SIP/2.0/UDP a, SIP/2.0/UDP b;branch=z9hG4bKa\r\n${REST}`],
  ['quotes before the branch', `${OK}Via: SIP/2.0/UDP a;x=";branch=no";branch=z9hG4bKa\r\n${REST}`],
  ['a folded Via', `${OK}Via: SIP/2.0/UDP a\r\n ;branch=z9hG4bKa\r\n${REST}`],
])('peekResponse() leaves %s to the parser', (_, text) => {
  expect(peekResponse(text)).toBeNull();
});

test('peekResponse() never finds anything else than parseMessage() does', () => {
  const pieces = [
    ...[
      'Via: SIP/2.0/UDP a',
      ';branch=1',
      ';Branch=2',
      ';x="',
      '"',
      ',',
      '\r\n',
      ' ',
      'v: SIP/2.0/UDP b;branch=3\r\n',
    ],
    ...['\n', 'To: x\r\n', ';rport', '<', '='],
  ];
  fc.assert(
    fc.property(hostile(pieces, 12), (middle) => {
      const text = `${OK}${middle}\r\nTo: x\r\n\r\n`;
      const peek = peekResponse(text);
      const result = parseMessage(text);
      if (peek === null || result.kind === 'fault') return;
      const via = parseVia(splitList(headerOf(result.message, 'via') ?? '')[0] ?? '');
      if (via !== null) expect(peek.branch).toBe(via.branch);
    }),
    { numRuns: 2000 },
  );
});
