import { describe, expect, it } from 'vitest';
import { Rounds } from '../../../src/notifier/rounds.ts';
import type { Slot } from '../../../src/notifier/slot.ts';
import { Watch } from '../../../src/notifier/watch.ts';

/** Rounds whose turns a test takes by hand; `heard` has the slots in the order in which they were visited. */
function bench() {
  const heard: Slot[] = [];
  const turns: (() => void)[] = [];
  const rounds = new Rounds(
    (slot) => heard.push(slot),
    (task) => turns.push(task),
  );
  return {
    rounds,
    heard,
    /** Takes so many turns, or as many as there are up to a hundred; gives how many there were. */
    turn: (most = 100) => {
      let count = 0;
      for (let next = turns.shift(); next !== undefined; next = count < most ? turns.shift() : undefined) {
        next();
        count += 1;
        if (count === most) break;
      }
      return count;
    },
  };
}

function watchOf(user: string, count: number): { readonly watch: Watch; readonly slots: readonly Slot[] } {
  const watch = new Watch({ realm: 'acme.example', user });
  // Rounds only hand slots on.
  const slots = Array.from(
    { length: count },
    (_, index) => ({ name: `${user} ${index}` }) as unknown as Slot,
  );
  for (const slot of slots) watch.slots.add(slot);
  return { watch, slots };
}

describe('Rounds', () => {
  it('tell a usual board to all its watchers at once', () => {
    const { rounds, heard, turn } = bench();
    const { watch, slots } = watchOf('night', 128);
    rounds.begin(watch);
    expect(heard).toEqual(slots);
    expect(turn()).toBe(0);
  });

  it('tell a board with thousands of watchers in turns, so that answers are read in between', () => {
    const { rounds, heard, turn } = bench();
    const { watch, slots } = watchOf('night', 1000);
    rounds.begin(watch);
    expect(heard).toHaveLength(128);
    turn(1);
    expect(heard).toHaveLength(160);
    turn();
    expect(heard).toEqual(slots);
  });

  it('tell a small board at once while a large one is under way', () => {
    const { rounds, heard } = bench();
    rounds.begin(watchOf('night', 10_000).watch);
    const urgent = watchOf('1001', 3);
    rounds.begin(urgent.watch);
    expect(heard.slice(-3)).toEqual(urgent.slots);
  });

  it('let large boards take turns', () => {
    const { rounds, heard, turn } = bench();
    const [night, holiday] = [watchOf('night', 200), watchOf('holiday', 200)];
    rounds.begin(night.watch);
    rounds.begin(holiday.watch);
    turn(2);
    expect(heard.slice(256)).toEqual([...night.slots.slice(128, 160), ...holiday.slots.slice(128, 160)]);
    turn();
    expect(new Set(heard).size).toBe(400);
    expect(heard).toHaveLength(400);
  });

  it('go on where they are when the board changes again, and round once more to those who heard of the old one', () => {
    const { rounds, heard, turn } = bench();
    const { watch, slots } = watchOf('night', 200);
    rounds.begin(watch);
    turn(1);
    rounds.begin(watch);
    turn();
    expect(heard.slice(160)).toEqual([...slots.slice(160), ...slots.slice(0, 160)]);
  });

  it('count who waits: those of all boards, all of a board that has changed again, none that has gone', () => {
    const { rounds, turn } = bench();
    const [night, holiday] = [watchOf('night', 200), watchOf('holiday', 300)];
    rounds.begin(watchOf('1001', 100).watch);
    expect(rounds.untold).toBe(0);
    rounds.begin(night.watch);
    rounds.begin(holiday.watch);
    expect(rounds.untold).toBe(72 + 172);
    turn(1);
    expect(rounds.untold).toBe(40 + 172);
    rounds.begin(night.watch);
    expect(rounds.untold).toBe(200 + 172);
    holiday.watch.slots.clear();
    turn();
    expect(rounds.untold).toBe(0);
  });

  it('leave out who has gone meanwhile, and end when nobody is left', () => {
    const { rounds, heard, turn } = bench();
    const { watch, slots } = watchOf('night', 300);
    rounds.begin(watch);
    for (const slot of slots.slice(130)) watch.slots.delete(slot);
    turn(1);
    expect(heard.slice(128, 130)).toEqual(slots.slice(128, 130));
    watch.slots.clear();
    turn();
    expect(turn()).toBe(0);
  });
});
