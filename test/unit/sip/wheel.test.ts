import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Timed, Wheel } from '../../../src/sip/wheel.ts';

interface Entry extends Timed<Entry> {
  readonly name: string;
}

function entry(name: string): Entry {
  return { name, due: 0, place: -1, before: null, after: null };
}

function wheelWithLog(tickMs = 10): { wheel: Wheel<Entry>; fired: string[]; advance: (now: number) => void } {
  const wheel = new Wheel<Entry>(tickMs, 0);
  const fired: string[] = [];
  return { wheel, fired, advance: (now) => wheel.advance(now, ({ name }) => fired.push(name)) };
}

describe('Wheel', () => {
  test('fires an entry at the first tick that is not before its time', () => {
    const { wheel, fired, advance } = wheelWithLog();
    wheel.schedule(entry('a'), 25);
    advance(29);
    expect(fired).toEqual([]);
    advance(30);
    expect(fired).toEqual(['a']);
    expect(wheel.size).toBe(0);
  });

  test('fires a time that has passed at the next tick', () => {
    const { wheel, fired, advance } = wheelWithLog();
    advance(100);
    wheel.schedule(entry('late'), 40);
    advance(110);
    expect(fired).toEqual(['late']);
  });

  test('never fires what is due at no time', () => {
    const { wheel, fired, advance } = wheelWithLog();
    const never = entry('never');
    wheel.schedule(never, 20);
    wheel.schedule(never, Number.POSITIVE_INFINITY);
    expect(wheel.size).toBe(0);
    advance(100_000);
    expect(fired).toEqual([]);
    wheel.schedule(never, 100_020);
    advance(100_020);
    expect(fired).toEqual(['never']);
  });

  test('keeps small integers, whatever the clock says', () => {
    const wheel = new Wheel<Entry>(50, Date.UTC(2026, 10, 23));
    const soon = entry('soon');
    wheel.schedule(soon, Date.UTC(2026, 10, 23) + 1000);
    expect(soon.due).toBe(20);
  });

  test('never fires what was cancelled', () => {
    const { wheel, fired, advance } = wheelWithLog();
    const [one, two, three] = [entry('1'), entry('2'), entry('3')];
    for (const each of [one, two, three]) wheel.schedule(each, 20);
    wheel.cancel(two);
    wheel.cancel(two);
    advance(20);
    expect(fired.sort()).toEqual(['1', '3']);
  });

  test('moves an entry that is scheduled again', () => {
    const { wheel, fired, advance } = wheelWithLog();
    const moved = entry('moved');
    wheel.schedule(moved, 20);
    wheel.schedule(moved, 50);
    expect(wheel.size).toBe(1);
    advance(40);
    expect(fired).toEqual([]);
    advance(50);
    expect(fired).toEqual(['moved']);
  });

  test('keeps what is due after more than one turn', () => {
    const { wheel, fired, advance } = wheelWithLog();
    wheel.schedule(entry('far'), 30_000);
    for (let now = 10; now < 30_000; now += 10) advance(now);
    expect(fired).toEqual([]);
    advance(30_000);
    expect(fired).toEqual(['far']);
  });

  test('finds all that is due after a pause longer than a turn', () => {
    const { wheel, fired, advance } = wheelWithLog();
    wheel.schedule(entry('a'), 10);
    wheel.schedule(entry('b'), 9_000);
    wheel.schedule(entry('c'), 90_000);
    advance(50_000);
    expect(fired.sort()).toEqual(['a', 'b']);
    expect(wheel.size).toBe(1);
  });

  test('lets the one that fires cancel another one that is due', () => {
    const wheel = new Wheel<Entry>(10, 0);
    const fired: string[] = [];
    const [one, two] = [entry('1'), entry('2')];
    wheel.schedule(one, 10);
    wheel.schedule(two, 10);
    wheel.advance(10, (each) => {
      fired.push(each.name);
      wheel.cancel(each === one ? two : one);
    });
    expect(fired).toHaveLength(1);
    expect(wheel.size).toBe(0);
  });

  test('lets the one that fires schedule itself again', () => {
    const wheel = new Wheel<Entry>(10, 0);
    let fired = 0;
    wheel.schedule(entry('again'), 10);
    const fire = (each: Entry): void => {
      fired += 1;
      wheel.schedule(each, 0);
    };
    wheel.advance(10, fire);
    expect(fired).toBe(1);
    wheel.advance(20, fire);
    expect(fired).toBe(2);
  });

  test('fires each entry once and within one tick, whatever the order of the calls', () => {
    const plan = fc.array(fc.tuple(fc.nat(30_000), fc.boolean()), { maxLength: 60 });
    const steps = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(plan, steps, (entries, gaps) => {
        const wheel = new Wheel<Entry>(10, 0);
        const times = new Map<string, number>();
        const all = entries.map(([at], index) => ({ at, each: entry(`${index}`) }));
        for (const { at, each } of all) wheel.schedule(each, at);
        entries.forEach(([, cancelled], index) => {
          const target = all[index];
          if (cancelled && target) wheel.cancel(target.each);
        });
        let now = 0;
        let before = 0;
        for (const gap of [...gaps, 40_000]) {
          before = now;
          now += gap;
          wheel.advance(now, ({ name }) => {
            const at = entries[Number(name)]?.[0] ?? -1;
            expect(times.has(name)).toBe(false);
            expect(at).toBeLessThanOrEqual(now);
            expect(at).toBeGreaterThan(before - 20);
            times.set(name, now);
          });
        }
        expect(times.size).toBe(entries.filter(([, cancelled]) => !cancelled).length);
        expect(wheel.size).toBe(0);
      }),
    );
  });

  test('leaves what is scheduled as far away as it was when the clock is put back', () => {
    const wheel = new Wheel<Entry>(10, 1_000_000);
    const fired: string[] = [];
    wheel.schedule(entry('soon'), 1_000_100);
    wheel.schedule(entry('a turn later'), 1_015_000);
    wheel.turnBack(400_000);
    wheel.advance(400_090, ({ name }) => fired.push(name));
    expect(fired).toEqual([]);
    wheel.advance(400_100, ({ name }) => fired.push(name));
    expect(fired).toEqual(['soon']);
    wheel.advance(415_000, ({ name }) => fired.push(name));
    expect(fired).toEqual(['soon', 'a turn later']);
    expect(wheel.size).toBe(0);
  });
});
