import { expect, test } from 'vitest';
import { AnswersUnderWay } from '../../../../src/edge/drachtio/answers-under-way.ts';
import { plainRequest } from '../../../../src/edge/drachtio/lean-request.ts';

const [one, two] = [plainRequest('1', () => {}), plainRequest('2', () => {})];

test('what is sent in a dialog waits for its answer, in order; another dialog does not', () => {
  const answers = new AnswersUnderWay();
  answers.begin('a');
  expect(answers.holds('b', one)).toBe(false);
  expect(answers.holds('a', one)).toBe(true);
  expect(answers.holds('a', two)).toBe(true);
  expect(answers.end('a')).toEqual([one, two]);
  expect(answers.holds('a', one)).toBe(false);
});

test('with two answers under way it waits for both', () => {
  const answers = new AnswersUnderWay();
  answers.begin('a');
  answers.begin('a');
  answers.holds('a', one);
  expect(answers.end('a')).toEqual([]);
  expect(answers.end('a')).toEqual([one]);
});

test('a lost connection takes along what waits', () => {
  const answers = new AnswersUnderWay();
  answers.begin('a');
  answers.holds('a', one);
  answers.clear();
  expect(answers.holds('a', two)).toBe(false);
  expect(answers.end('a')).toEqual([]);
});
