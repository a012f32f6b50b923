import { expect, test } from 'vitest';
import { answerBytes } from '../../../../src/edge/embedded/answer-bytes.ts';
import { arrivalOf } from './arrival.ts';

const OK = { status: 200, headers: [] };

/** Gives `ours1`, `ours2` and so on. */
function source() {
  let tags = 0;
  const tag = () => {
    tags += 1;
    return `ours${tags}`;
  };
  return { tag, contactFor: () => 'sip:192.0.2.1:5060' };
}

function tagged(to: string) {
  return { ...arrivalOf({ method: 'SUBSCRIBE', to }), toTag: null as string | null };
}

test('RFC 3261 §8.2.6.2: all responses to one request have the same tag on To', () => {
  const request = tagged('<sip:1001@example.com>');
  const from = source();
  const first = answerBytes(request, OK, from).toString('latin1');
  expect(first).toContain('To: <sip:1001@example.com>;tag=ours1\r\n');
  expect(answerBytes(request, { ...OK, status: 500 }, from).toString('latin1')).toContain(';tag=ours1\r\n');
});

test('RFC 3261 §8.2.6.2: inside a dialog that is the tag of the dialog, and no other is made', () => {
  const request = tagged('<sip:1001@example.com>;tag=known');
  const from = source();
  expect(answerBytes(request, OK, from).toString('latin1')).toContain(
    'To: <sip:1001@example.com>;tag=known\r\n',
  );
  expect(request.toTag).toBe('known');
  expect(from.tag()).toBe('ours1');
});

test('RFC 3261 §8.2.6.2: 100 gives To no tag', () => {
  const request = tagged('<sip:1001@example.com>');
  expect(answerBytes(request, { ...OK, status: 100 }, source()).toString('latin1')).toContain(
    'To: <sip:1001@example.com>\r\n',
  );
});
