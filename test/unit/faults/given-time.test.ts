import { expect, test } from 'vitest';
import { givenTime } from '../../faults/checker/given-time.ts';

/** A machine whose time is made by hand. */
class Machine {
  now = 1000;
  #ticks = { used: 500, stolen: 70 };
  readonly sources = { wall: () => this.now, stat: () => this.#stat() };

  /** So many ms go by, of which the host takes a part (0 to 1). */
  pass(ms: number, taken: number): void {
    this.now += ms;
    this.#ticks.used += ms * (1 - taken);
    this.#ticks.stolen += ms * taken;
  }

  #stat(): string {
    const { used, stolen } = this.#ticks;
    return `cpu  ${used} 0 0 0 0 0 0 ${stolen} 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n`;
  }
}

test('givenTime() is the time that goes by while the host takes nothing', () => {
  const machine = new Machine();
  const now = givenTime(machine.sources);
  machine.pass(10_000, 0);
  expect(now()).toBe(10_000);
});

test('givenTime() leaves out what the host takes', () => {
  const machine = new Machine();
  const now = givenTime(machine.sources);
  machine.pass(1000, 0.9);
  expect(now()).toBeCloseTo(100);
  machine.pass(1000, 0);
  expect(now()).toBeCloseTo(1100);
});

test('givenTime() never goes back, however often it is asked', () => {
  const machine = new Machine();
  const now = givenTime(machine.sources);
  let last = 0;
  for (let step = 0; step < 200; step += 1) {
    machine.pass(7, step % 2);
    const at = now();
    expect(at).toBeGreaterThanOrEqual(last);
    last = at;
  }
  expect(last).toBeGreaterThan(0);
  expect(last).toBeLessThan(200 * 7);
});
