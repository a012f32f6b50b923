import { describe, expect, it } from 'vitest';
import { ACTION_GROUPS } from '../../../src/callflow/action.ts';
import { actionOf, CATALOG, exitsOf } from '../../../src/callflow/catalog.ts';
import { checkCallflow } from '../../../src/callflow/check.ts';
import { callflowWith, node, WORLD } from '../../support/callflow.ts';

describe('the catalogue', () => {
  it('holds the blocks of a callflow, each once', () => {
    expect(CATALOG.map((action) => action.module).sort()).toEqual([
      ...[
        'branch_variable',
        'callflow',
        'check_cid',
        'hangup',
        'manual_presence',
        'presence_branch',
        'redirect',
      ],
      ...['response', 'set_variable', 'sleep', 'temporal_route', 'webhook'],
    ]);
  });

  it('shows Manual Presence in the group Advanced, with ID and Status first', () => {
    const action = actionOf('manual_presence');
    expect(action).toMatchObject({ title: 'Manual Presence', group: 'Advanced' });
    const plain = action?.fields.filter((field) => field.advanced !== true) ?? [];
    expect(plain.map((field) => field.label)).toEqual(['ID', 'Status']);
    expect(action?.defaultData).toEqual({ presence_id: '', status: 'busy' });
  });

  it.each(CATALOG)('$module can be drawn: words for people, fields as plain JSON, unique keys', (action) => {
    expect(ACTION_GROUPS).toContain(action.group);
    expect(action.title && action.help).not.toBe('');
    expect(JSON.parse(JSON.stringify(action.fields))).toEqual(action.fields);
    const keys = action.fields.map((field) => field.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(action.defaultData)));
    for (const field of action.fields) expect(field.label && field.help).not.toBe('');
  });

  it.each(CATALOG)('a new $module lacks at most what is still to be filled in', ({ module, defaultData }) => {
    const problems = checkCallflow(callflowWith({ flow: node(module, defaultData) }), {
      others: [],
      world: WORLD,
    });
    const codes = problems.map(({ code }) => code).filter((code) => code !== 'dead-end');
    expect(['missing-id', 'missing-field', undefined]).toContain(codes[0]);
    expect(codes.length).toBeLessThan(2);
  });

  it.each(CATALOG)('$module has a caption for any data', ({ caption, exits }) => {
    for (const data of [
      {},
      { presence_id: 5, rules: 'x', uri: null },
      { rules: [null, 5, {}], duration: 'x' },
    ]) {
      expect(caption(data)).toBeTypeOf('string');
      expect(exits(data).named).toBeInstanceOf(Array);
    }
  });
});

describe('exitsOf()', () => {
  it('gives the exits of the rules that are filled in', () => {
    const data = {
      rules: [{ name: 'open' }, { name: 'lunch' }, 'b8f1c7', { name: '_' }],
      holidays: ['12-25'],
    };
    expect(exitsOf({ module: 'temporal_route', data }).named.map((exit) => exit.name)).toEqual([
      ...['open', 'lunch', 'holiday', 'b8f1c7', '_'],
    ]);
  });

  it('lets a block that is skipped go on, and one that is not known have any exit', () => {
    expect(exitsOf({ module: 'hangup', data: {} }).named).toEqual([]);
    expect(exitsOf({ module: 'hangup', data: { skip_module: true } }).named).toMatchObject([{ name: '_' }]);
    expect(exitsOf({ module: 'menu', data: {} })).toMatchObject({ named: [{ name: '_' }], further: 'exit' });
  });
});
