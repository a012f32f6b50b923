import { expect, test } from 'vitest';
import { AnswersDue } from '../../../../src/edge/drachtio/answers-due.ts';
import { plainRequest } from '../../../../src/edge/drachtio/lean-request.ts';

const [one, two] = [plainRequest('1', () => {}), plainRequest('2', () => {})];

test('rule 6: what ends a dialog waits until all that was heard in it is answered, in its order', () => {
  const answers = new AnswersDue();
  answers.heard('a');
  answers.heard('a');
  expect(answers.holds('a', one)).toBe(true);
  expect(answers.given('a')).toEqual([]);
  expect(answers.holds('a', two)).toBe(true);
  expect(answers.given('a')).toEqual([one, two]);
});

test('it does not wait where nothing is open: for another dialog, or after the last answer', () => {
  const answers = new AnswersDue();
  answers.heard('a');
  expect(answers.holds('b', one)).toBe(false);
  answers.given('a');
  expect(answers.holds('a', one)).toBe(false);
});

test('an answer in a dialog in which nothing was heard lets nothing go', () => {
  expect(new AnswersDue().given('a')).toEqual([]);
});

test('a lost connection takes along what waits', () => {
  const answers = new AnswersDue();
  answers.heard('a');
  answers.holds('a', one);
  answers.clear();
  expect(answers.holds('a', two)).toBe(false);
  expect(answers.given('a')).toEqual([]);
});
