import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listOf, splitList } from '../../../src/sip/list.ts';
import { octets } from './arbitrary.ts';
import { subscribeRequest } from './sample.ts';

test.each([
  ['a, b ,c', ['a', 'b', 'c']],
  ['"a, \\", b" <sip:x,y@z>, <sip:c,d>;x="1,2", e', ['"a, \\", b" <sip:x,y@z>', '<sip:c,d>;x="1,2"', 'e']],
  ['<sip:a"b>, c', ['<sip:a"b>', 'c']],
  [' , a,,', ['a']],
  ['', []],
  ['"a, b', ['"a, b']],
])('splitList(%j) splits at commas outside quotes and brackets (RFC 3261 §7.3.1)', (value, expected) => {
  expect(splitList(value)).toEqual(expected);
});

test('splitList() takes any octets and makes none up', () => {
  fc.assert(
    fc.property(octets(), (value) => {
      for (const element of splitList(value)) expect(value).toContain(element);
    }),
  );
});

test('listOf() takes several lines as one list, in order (RFC 3261 §7.3.1)', () => {
  const request = subscribeRequest({ 'Record-Route': ['<sip:p1;lr>, <sip:p2;lr>', '<sip:p3;lr>'] });
  expect(listOf(request, 'record-route')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr>']);
  expect(listOf(request, 'route')).toEqual([]);
});
