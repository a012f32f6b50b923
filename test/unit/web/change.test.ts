import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowNode } from '../../../src/callflow/callflow.ts';
import { insertAt, moveTo, removeBlock, removeBranch, replaceAt } from '../../../src/web/model/change.ts';
import { blocksOf, childOf, nodeAt, putAt } from '../../../src/web/model/tree.ts';
import { block, drawing, lamp } from './flows.ts';

const EXIT = fc.constantFrom('_', 'idle', 'busy', 'x');
const HOURS = block('presence_branch', { idle: lamp('a', { _: lamp('b') }), busy: lamp('c') });

describe('insertAt()', () => {
  it('draws the first block of an empty flow', () => {
    expect(insertAt(null, [], lamp('a'))).toEqual(lamp('a'));
  });

  it('lets what stands at the place go on below the new block', () => {
    const flow = insertAt(lamp('a', { _: lamp('b') }), ['_'], lamp('new'));
    expect(drawing(flow)).toEqual({ '/': 'a', '/_': 'new', '/_/_': 'b' });
  });

  it('refuses a block without exits where something would be cut off', () => {
    expect(insertAt(lamp('a', { _: lamp('b') }), ['_'], block('hangup'))).toBeNull();
    expect(insertAt(lamp('a'), ['_'], block('hangup'))).not.toBeNull();
  });

  it('refuses a place that no exit leads to', () => {
    expect(insertAt(lamp('a'), ['busy'], lamp('b'))).toBeNull();
    expect(insertAt(block('hangup'), ['_'], lamp('b'))).toBeNull();
    expect(insertAt(lamp('a'), ['_', '_'], lamp('b'))).toBeNull();
  });

  it('takes any name for an exit where people name the exits', () => {
    const flow = insertAt(block('branch_variable'), ['1001'], lamp('b'));
    expect(drawing(flow)).toEqual({ '/': 'branch_variable', '/1001': 'b' });
  });
});

describe('moveTo()', () => {
  it('moves a block with all below it to a free exit', () => {
    const flow = moveTo(HOURS, ['idle'], ['held']);
    expect(drawing(flow)).toEqual({ '/': 'presence_branch', '/busy': 'c', '/held': 'a', '/held/_': 'b' });
  });

  it('puts it between two blocks', () => {
    const flow = moveTo(HOURS, ['busy'], ['idle', '_']);
    expect(drawing(flow)).toEqual({ '/': 'presence_branch', '/idle': 'a', '/idle/_': 'c', '/idle/_/_': 'b' });
  });

  it('moves a block above its own parent', () => {
    const flow = moveTo(lamp('a', { _: lamp('b', { _: lamp('c') }) }), ['_', '_'], ['_']);
    expect(drawing(flow)).toEqual({ '/': 'a', '/_': 'c', '/_/_': 'b' });
  });

  it('never moves a block below itself', () => {
    expect(moveTo(HOURS, ['idle'], ['idle', '_'])).toBeNull();
    expect(moveTo(HOURS, [], ['held'])).toBeNull();
  });
});

describe('removeBlock()', () => {
  it('closes the gap along the default exit', () => {
    const { flow, lost } = removeBlock(lamp('a', { _: lamp('b', { _: lamp('c') }) }), ['_']);
    expect([drawing(flow), lost]).toEqual([{ '/': 'a', '/_': 'c' }, 1]);
  });

  it('says how much is gone when a branch had several exits', () => {
    expect(removeBlock(HOURS, [])).toEqual({ flow: null, lost: 4 });
    expect(removeBranch(HOURS, ['idle']).lost).toBe(2);
  });
});

describe('replaceAt()', () => {
  it('keeps what stands below exits that both blocks have', () => {
    const { flow, lost } = replaceAt(HOURS, ['idle'], block('sleep'));
    expect([drawing(flow), lost]).toEqual([
      { '/': 'presence_branch', '/busy': 'c', '/idle': 'sleep', '/idle/_': 'b' },
      0,
    ]);
  });

  it('takes a single branch along below the default exit', () => {
    const flow = block('presence_branch', { busy: lamp('c') });
    expect(drawing(replaceAt(flow, [], block('sleep')).flow)).toEqual({ '/': 'sleep', '/_': 'c' });
  });

  it('counts what has no exit any more', () => {
    expect(replaceAt(HOURS, [], block('hangup'))).toEqual({ flow: block('hangup'), lost: 3 });
  });
});

describe('a flow', () => {
  it('keeps exits that are named like members of objects', () => {
    const flow = putAt(block('branch_variable'), ['__proto__'], lamp('x')) as FlowNode;
    expect(nodeAt(flow, ['__proto__'])).toEqual(lamp('x'));
    expect(childOf(flow, 'constructor')).toBeNull();
  });

  const some: (depth?: number) => fc.Arbitrary<FlowNode> = fc.memo((depth) =>
    fc.record({
      module: fc.constantFrom('manual_presence', 'presence_branch', 'hangup', 'branch_variable', 'voicemail'),
      data: fc.constant({}),
      children: depth > 1 ? fc.dictionary(EXIT, some(depth - 1), { maxKeys: 2 }) : fc.constant({}),
    }),
  );

  it('loses no block by a move, wherever it goes', () => {
    fc.assert(
      fc.property(
        some(5),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('_', 'idle', 'busy'),
        (flow, one, other, exit) => {
          const blocks = blocksOf(flow);
          const from = blocks[one % blocks.length]?.path ?? [];
          const to = [...(blocks[other % blocks.length]?.path ?? []), exit];
          const moved = moveTo(flow, from, to);
          if (moved !== null) expect(blocksOf(moved)).toHaveLength(blocks.length);
        },
      ),
    );
  });
});
