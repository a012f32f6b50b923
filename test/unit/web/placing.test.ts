import { describe, expect, it } from 'vitest';
import { NEW_EXIT } from '../../../src/web/model/exits.ts';
import {
  canPut,
  needsExitName,
  neighbour,
  newBlock,
  placeBelow,
  withExitName,
} from '../../../src/web/model/placing.ts';
import { passedBlocks } from '../../../src/web/model/run-path.ts';
import { block, lamp } from './flows.ts';

const FLOW = block('presence_branch', { idle: lamp('a'), busy: lamp('b', { _: lamp('c') }) });

describe('canPut()', () => {
  it('lights free exits, lines and blocks for a new action', () => {
    const payload = { kind: 'new', module: 'sleep' } as const;
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['held'] })).toBe(true);
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['busy', '_'] })).toBe(true);
    expect(canPut(FLOW, payload, { kind: 'replace', path: ['busy'] })).toBe(true);
    expect(canPut(FLOW, payload, { kind: 'replace', path: ['held'] })).toBe(false);
  });

  it('lights no line for an action that ends the flow', () => {
    const payload = { kind: 'new', module: 'hangup' } as const;
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['busy'] })).toBe(false);
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['held'] })).toBe(true);
  });

  it('lights nothing below the block that is moved', () => {
    const payload = { kind: 'move', from: ['busy'] } as const;
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['busy', '_'] })).toBe(false);
    expect(canPut(FLOW, payload, { kind: 'replace', path: ['idle'] })).toBe(false);
    expect(canPut(FLOW, payload, { kind: 'insert', path: ['idle', '_'] })).toBe(true);
  });

  it('takes a new exit, which is named before anything is put there', () => {
    const target = { kind: 'insert', path: [NEW_EXIT] } as const;
    expect(canPut(block('branch_variable'), { kind: 'new', module: 'hangup' }, target)).toBe(true);
    expect([needsExitName(target), withExitName(target, '1001').path]).toEqual([true, ['1001']]);
  });
});

describe('the keyboard', () => {
  it('adds below a block at its first free exit, else in between', () => {
    expect(placeBelow(FLOW, [], ['idle', 'ringing'])).toEqual(['ringing']);
    expect(placeBelow(FLOW, [], ['idle', 'busy'])).toEqual(['idle']);
    expect(placeBelow(FLOW, [], [])).toBeNull();
  });

  it('moves among the blocks as they stand', () => {
    expect(neighbour(FLOW, [], 'ArrowDown')).toEqual(['idle']);
    expect(neighbour(FLOW, ['idle'], 'ArrowRight')).toEqual(['busy']);
    expect(neighbour(FLOW, ['busy'], 'ArrowLeft')).toEqual(['idle']);
    expect(neighbour(FLOW, ['busy', '_'], 'ArrowUp')).toEqual(['busy']);
    expect([neighbour(FLOW, [], 'ArrowUp'), neighbour(FLOW, ['idle'], 'ArrowLeft')]).toEqual([null, null]);
  });
});

describe('newBlock()', () => {
  it('is filled in as the catalogue says', () => {
    expect(newBlock('manual_presence').data).toEqual({ presence_id: '', status: 'busy' });
  });
});

describe('passedBlocks()', () => {
  it('numbers the blocks of this callflow in the order of the run', () => {
    const step = (callflowId: string, path: string[]) => ({
      callflowId,
      path,
      module: 'x',
      result: '',
      exit: null,
    });
    const run = {
      id: 'r',
      callflowId: 'a',
      realm: 'acme',
      startedAt: 0,
      endedAt: 0,
      trigger: 'api',
      number: '',
      caller: '',
      steps: [step('a', []), step('b', []), step('a', ['_'])],
      outcome: 'ended',
    } as const;
    const passed = passedBlocks(run, 'a');
    expect([...passed].map(([key, { order }]) => [key, order])).toEqual([
      ['[]', 1],
      ['["_"]', 3],
    ]);
  });
});
