import { describe, expect, test } from 'vitest';
import {
  isLocal,
  retryAfterOf,
  sentCseqOf,
  sentToOf,
  statusOf,
  tokenOf,
} from '../../../../src/edge/drachtio/server-message.ts';
import { echoMessage, responseMessage } from './server-text.ts';

describe('tokenOf()', () => {
  test('counts from 0, also tokens that are empty and the last one', () => {
    expect([0, 1, 2, 3].map((index) => tokenOf('a||c', index))).toEqual(['a', '', 'c', '']);
  });
});

describe('a response', () => {
  test('has a status, behind whatever is in the first line', () => {
    expect(statusOf(responseMessage(200))).toBe(200);
    expect(statusOf(responseMessage(481, { headers: 'Warning: SIP/2.0 200 x\r\n' }))).toBe(481);
    expect(statusOf('a|sip|network')).toBeNaN();
  });

  test('from no address is one that drachtio-server made', () => {
    expect(isLocal(responseMessage(408, { address: '' }))).toBe(true);
    expect(isLocal(responseMessage(408))).toBe(false);
  });

  test('may have a Retry-After', () => {
    expect(retryAfterOf(responseMessage(503, { headers: 'Retry-After: 18\r\n' }))).toBe('18');
    expect(retryAfterOf(responseMessage(503))).toBe('');
  });
});

describe('the echo of a request', () => {
  test('tells the CSeq that drachtio-server has given it', () => {
    expect(sentCseqOf(echoMessage('1', { cseq: '4711 NOTIFY' }))).toBe(4711);
    expect(sentCseqOf('u|response|1|OK')).toBe(-1);
  });

  test('tells which way it was sent', () => {
    expect(sentToOf(echoMessage('1', { place: 'tcp|[2001:db8::9]|40000' }))).toEqual({
      protocol: 'tcp',
      address: '[2001:db8::9]',
      port: 40_000,
    });
  });
});
