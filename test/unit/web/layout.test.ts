import { describe, expect, it } from 'vitest';
import { elbow } from '../../../src/web/model/elbow.ts';
import { drawnExits, NEW_EXIT } from '../../../src/web/model/exits.ts';
import { type Item, layOut } from '../../../src/web/model/layout.ts';
import { block, lamp } from './flows.ts';

function overlap({ box: one }: Item, { box: other }: Item): boolean {
  const aside = one.x < other.x + other.width && other.x < one.x + one.width;
  return aside && one.y < other.y + other.height && other.y < one.y + one.height;
}

describe('layOut()', () => {
  it('shows an empty flow as the main block with one place below', () => {
    const { items } = layOut(null, drawnExits);
    expect(items.map(({ kind }) => kind)).toEqual(['main', 'place']);
    expect(items[1]).toMatchObject({ path: [], isFree: true });
  });

  it('lets nothing overlap', () => {
    const wide = block('presence_branch', {
      idle: block('presence_branch', { busy: lamp('a'), _: lamp('b', { _: lamp('c') }) }),
      busy: block('branch_variable', { x: lamp('d') }),
      _: lamp('e'),
    });
    const { items } = layOut(wide, drawnExits);
    const clashes = items.flatMap((one, index) =>
      items.slice(index + 1).filter((other) => overlap(one, other)),
    );
    expect(clashes).toEqual([]);
  });

  it('joins every item but the main block to one above it', () => {
    const { items, lines } = layOut(lamp('a', { _: lamp('b') }), drawnExits);
    expect(lines.map(({ to }) => to).sort()).toEqual(
      items
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('drawnExits()', () => {
  it('names no exit that is the only one', () => {
    expect(drawnExits(lamp('a'))).toEqual([{ name: '_', label: null }]);
  });

  it('draws exits that only the document has', () => {
    const names = drawnExits(lamp('a', { odd: lamp('b') })).map(({ name }) => name);
    expect(names).toEqual(['_', 'odd']);
  });

  it('offers a new exit where people name the exits', () => {
    expect(drawnExits(block('branch_variable')).at(-1)?.name).toBe(NEW_EXIT);
  });
});

describe('elbow()', () => {
  it('is a straight line downwards, or has two corners', () => {
    expect(elbow({ x: 5, y: 0 }, { x: 5, y: 20 })).toBe('M5 0L5 20');
    expect(elbow({ x: 0, y: 0 }, { x: 40, y: 20 })).toBe('M0 0V1Q0 10 9 10H31Q40 10 40 19V20');
  });
});
