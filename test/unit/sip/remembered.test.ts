import { expect, test } from 'vitest';
import { remembered } from '../../../src/sip/remembered.ts';

/** Reads lengths, and notes what was read. */
function counting(most: number) {
  const read: string[] = [];
  const length = remembered((text) => {
    read.push(text);
    return { length: text.length };
  }, most);
  return { read, length };
}

test('the same text is read once and gives the same result', () => {
  const { read, length } = counting(2);
  const first = length('abc');
  expect(first).toEqual({ length: 3 });
  expect(length('abc')).toBe(first);
  expect(length(`${'ab'}c`)).toBe(first);
  expect(read).toEqual(['abc']);
});

test('only so many results are remembered, the newest', () => {
  const { read, length } = counting(2);
  for (const text of ['a', 'b', 'c', 'c', 'b', 'a']) length(text);
  expect(read).toEqual(['a', 'b', 'c', 'a']);
});

test('that there is nothing to be read is remembered, too', () => {
  let reads = 0;
  const nothing = remembered(() => {
    reads += 1;
    return null;
  }, 1);
  expect([nothing('x'), nothing('x'), reads]).toEqual([null, null, 1]);
});
