import { expect, test } from 'vitest';
import { Intake } from '../../../src/notifier/intake.ts';
import { Lane } from '../../../src/notifier/lane.ts';

const PORTION = 16;

/** An intake whose turns a test makes by hand, and what it has begun. */
function makeIntake() {
  const turns: (() => void)[] = [];
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const rig = { portion: PORTION };
  const intake = new Intake({ portion: () => rig.portion, soon: (task) => turns.push(task) });
  return Object.assign(rig, {
    intake,
    begun,
    turns,
    take: (name: string, isInDialog = false) =>
      intake.take(
        () => {
          begun.push(name);
          return new Promise((resolve) => ends.push(resolve));
        },
        () => isInDialog,
      ),
    turn: () => turns.shift()?.(),
    endAll: async () => {
      for (const end of ends.splice(0)) end();
      await Promise.resolve();
      await Promise.resolve();
    },
  });
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `new ${index}`);

test('what has room in this turn is begun at once', () => {
  const rig = makeIntake();
  rig.take('one');
  rig.take('two');
  expect(rig.begun).toEqual(['one', 'two']);
});

test('no more than a portion is begun in one turn of the event loop, in the order in which it came', () => {
  const rig = makeIntake();
  const names = many(3 * PORTION);
  for (const name of names) rig.take(name);
  expect(rig.begun).toEqual(names.slice(0, PORTION));
  rig.turn();
  expect(rig.begun).toEqual(names.slice(0, 2 * PORTION));
  rig.turn();
  expect(rig.begun).toEqual(names);
});

test('a portion may be another one in the next turn', () => {
  const rig = makeIntake();
  for (const name of many(PORTION + 8)) rig.take(name);
  rig.portion = 4;
  rig.turn();
  expect(rig.begun).toHaveLength(PORTION + 4);
  rig.turn();
  expect(rig.begun).toHaveLength(PORTION + 8);
});

test('what is inside a dialog goes before what is new', () => {
  const rig = makeIntake();
  for (const name of many(PORTION)) rig.take(name);
  rig.take('late');
  rig.take('refresh', true);
  rig.turn();
  expect(rig.begun.slice(PORTION)).toEqual(['refresh', 'late']);
});

test('what comes behind others has to wait with them', () => {
  const rig = makeIntake();
  for (const name of many(2 * PORTION)) rig.take(name);
  rig.turn();
  rig.take('later');
  expect(rig.begun).not.toContain('later');
  rig.turn();
  expect(rig.begun.at(-1)).toBe('later');
});

test('nothing wakes it while there is nothing to do', () => {
  const rig = makeIntake();
  rig.take('one');
  expect(rig.turns).toHaveLength(1);
  rig.turn();
  expect(rig.turns).toHaveLength(0);
});

test('load is what waits and what is being served', async () => {
  const rig = makeIntake();
  for (const name of many(PORTION + 3)) rig.take(name);
  expect(rig.intake.load).toBe(PORTION + 3);
  await rig.endAll();
  expect(rig.intake.load).toBe(3);
});

test('a lane keeps its order over any number', () => {
  const lane = new Lane<number>();
  const out: (number | undefined)[] = [];
  for (let index = 0; index < 5000; index += 1) {
    lane.push(index);
    if (index % 3 !== 0) out.push(lane.shift());
  }
  while (lane.size > 0) out.push(lane.shift());
  expect(out).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  expect(lane.shift()).toBeUndefined();
});
