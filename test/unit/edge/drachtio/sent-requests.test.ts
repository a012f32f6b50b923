import { expect, test } from 'vitest';
import { plainRequest } from '../../../../src/edge/drachtio/lean-request.ts';
import { SentRequests } from '../../../../src/edge/drachtio/sent-requests.ts';

const request = plainRequest('x', () => {});

test('a request is found by its transaction, once', () => {
  const sent = new SentRequests();
  sent.add('a', request);
  expect(sent.take('b')).toBeNull();
  expect(sent.take('a')).toBe(request);
  expect(sent.take('a')).toBeNull();
});

test('it is found for longer than a transaction lives (64*T1), and not kept for ever', () => {
  const sent = new SentRequests();
  // Just before a turn, so that it is kept for the shortest time.
  for (let tick = 0; tick < 39; tick += 1) sent.tick();
  sent.add('a', request);
  sent.add('b', request);
  for (let tick = 0; tick < 40; tick += 1) sent.tick();
  expect(sent.take('a')).toBe(request);
  for (let tick = 0; tick < 40; tick += 1) sent.tick();
  expect(sent.take('b')).toBeNull();
});
