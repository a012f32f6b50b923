import { describe, expect, it } from 'vitest';
import { Questions } from '../../../src/workers/questions.ts';

/** A clock with one hand: `late` runs all that was to happen later. */
function handClock() {
  const tasks = new Set<() => void>();
  const after = (_ms: number, task: () => void) => {
    tasks.add(task);
    return () => void tasks.delete(task);
  };
  return { after, tasks, late: () => [...tasks].forEach((task) => void task()) };
}

describe('a question to all workers', () => {
  it('is over when all have answered, in the order of their numbers', () => {
    const clock = handClock();
    const questions = new Questions(clock.after);
    const heard: unknown[] = [];
    const id = questions.open([1, 2], (answers) => heard.push(answers));
    questions.answer(id, 2, 'two');
    expect(heard).toEqual([]);
    questions.answer(id, 1, 'one');
    expect(heard).toEqual([['one', 'two']]);
    expect(clock.tasks.size).toBe(0);
  });

  it('has null of whoever is stuck', () => {
    const clock = handClock();
    const questions = new Questions(clock.after);
    const heard: unknown[] = [];
    const id = questions.open([1, 2], (answers) => heard.push(answers));
    questions.answer(id, 2, false);
    clock.late();
    expect(heard).toEqual([[null, false]]);
    questions.answer(id, 1, 'late');
    expect(heard).toHaveLength(1);
  });

  it('is not mixed up with another one', () => {
    const questions = new Questions(handClock().after);
    const heard: unknown[] = [];
    const first = questions.open([1], (answers) => heard.push(['first', answers]));
    const second = questions.open([1], (answers) => heard.push(['second', answers]));
    questions.answer(second, 1, 'b');
    questions.answer(first, 1, 'a');
    questions.answer(99, 1, 'c');
    expect(heard).toEqual([
      ['second', ['b']],
      ['first', ['a']],
    ]);
  });
});
