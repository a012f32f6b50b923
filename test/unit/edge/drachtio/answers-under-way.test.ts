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

test('rule 6: what ends a dialog waits until all that was heard in it is answered', () => {
  const answers = new AnswersUnderWay();
  answers.heard('a');
  answers.heard('a');
  expect(answers.holdsEnd('b', one)).toBe(false);
  expect(answers.holdsEnd('a', one)).toBe(true);
  answers.begin('a');
  expect(answers.holds('a', two)).toBe(true);
  expect(answers.end('a')).toEqual([two]);
  answers.begin('a');
  expect(answers.end('a')).toEqual([one]);
  expect(answers.holdsEnd('a', one)).toBe(false);
});

test('a NOTIFY does not wait for an answer that the application has not given yet', () => {
  const answers = new AnswersUnderWay();
  answers.heard('a');
  expect(answers.holds('a', one)).toBe(false);
});

test('a lost connection takes along what waits', () => {
  const answers = new AnswersUnderWay();
  answers.begin('a');
  answers.holds('a', one);
  answers.clear();
  expect(answers.holds('a', two)).toBe(false);
  expect(answers.end('a')).toEqual([]);
});
