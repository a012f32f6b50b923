import { expect, it } from 'vitest';
import { RecentHeads } from '../../../../src/edge/embedded/recent-heads.ts';
import type { NotifySlot } from '../../../../src/ports/edge.ts';

/** A slot with a head; the record does not matter here. */
function slotWithHead(): NotifySlot {
  return { record: {} as NotifySlot['record'], cache: 'a head' };
}

it('the head that was made longest ago is let go of when there is one too many', () => {
  const heads = new RecentHeads(2);
  const [first, second, third] = [slotWithHead(), slotWithHead(), slotWithHead()];
  for (const slot of [first, second]) heads.add(slot);
  expect([first.cache, second.cache]).toEqual(['a head', 'a head']);
  heads.add(third);
  expect([first.cache, second.cache, third.cache]).toEqual([null, 'a head', 'a head']);
});

it('a slot whose head is made anew again and again keeps it', () => {
  const heads = new RecentHeads(1);
  const slot = slotWithHead();
  heads.add(slot);
  heads.add(slot);
  expect(slot.cache).toBe('a head');
});
