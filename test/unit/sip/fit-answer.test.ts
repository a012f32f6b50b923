import { expect, test } from 'vitest';
import { fitAnswer } from '../../../src/sip/fit-answer.ts';

const HEADERS = ['www-authenticate', 'SHA-256', 'allow', 'SUBSCRIBE', 'www-authenticate', 'MD5'];

/** What fits in so many header fields. */
function fitted(headers: readonly string[], most: number) {
  return fitAnswer(headers, (tried) => tried.length / 2 <= most);
}

test('an answer keeps all header fields while they fit', () => {
  expect(fitted(HEADERS, 3)).toEqual(HEADERS);
});

test('an answer that is too long leaves out what is no challenge, then the first challenge', () => {
  expect(fitted(HEADERS, 2)).toEqual(['www-authenticate', 'SHA-256', 'www-authenticate', 'MD5']);
  expect(fitted(HEADERS, 1)).toEqual(['www-authenticate', 'MD5']);
});

test('a 401 without any challenge would be none: then there is no answer', () => {
  expect(fitted(HEADERS, 0)).toBeNull();
});

test('other answers may go without header fields, if that is enough', () => {
  expect(fitted(['allow', 'SUBSCRIBE'], 0)).toEqual([]);
  expect(fitAnswer(['allow', 'SUBSCRIBE'], () => false)).toBeNull();
});
