import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/callflow/callflow.ts';
import { formatCallflow, parseCallflow } from '../../../src/callflow/document.ts';
import { DOCUMENT_LIMITS } from '../../../src/callflow/limits.ts';
import { parsed } from '../../support/callflow.ts';
import { callflowArbitrary } from './arbitrary.ts';

const PLACE = { realm: 'acme.example', id: 'flow1', rev: 7 };

function codesOf(json: unknown): readonly string[] {
  const result = parseCallflow(json, PLACE);
  return result.kind === 'refused' ? result.problems.map((problem) => problem.code) : [];
}

function chain(length: number): Json {
  let flow: Json = { module: 'sleep', data: {}, children: {} };
  for (let index = 1; index < length; index += 1) flow = { module: 'sleep', data: {}, children: { _: flow } };
  return flow;
}

function fan(length: number): Json {
  const child = { module: 'hangup', data: {}, children: {} };
  const children = Object.fromEntries(Array.from({ length }, (_, index) => [`v${index}`, child]));
  return { module: 'branch_variable', data: {}, children };
}

describe('parseCallflow()', () => {
  it('takes id, realm and rev from where the document is kept, not from the document', () => {
    const result = parseCallflow({ id: 'other', realm: 'evil.example', rev: 99, numbers: ['1'] }, PLACE);
    expect(result).toMatchObject({ kind: 'callflow', callflow: { ...PLACE, numbers: ['1'] } });
  });

  it('fills in what a document leaves out', () => {
    expect(parsed({})).toMatchObject({
      name: '',
      numbers: [],
      patterns: [],
      seat: null,
      flow: null,
      schedule: [],
    });
    expect(parsed({ flow: { module: 'hangup' } }).flow).toEqual({ module: 'hangup', data: {}, children: {} });
  });

  it('takes an empty object for no block, as editors write it', () => {
    expect(parsed({ flow: {} }).flow).toBeNull();
    expect(parsed({ flow: { module: 'sleep', data: {}, children: { _: {} } } }).flow?.children).toEqual({});
  });

  it('keeps the keys that it does not know, of the document and of its blocks', () => {
    const callflow = parsed({
      flags: ['a'],
      flow: { module: 'play', data: {}, children: {}, colour: 'red' },
    });
    expect(callflow).toMatchObject({ rest: { flags: ['a'] }, flow: { rest: { colour: 'red' } } });
    expect(formatCallflow(callflow)).toMatchObject({ flags: ['a'], flow: { module: 'play', colour: 'red' } });
  });

  it('names a Kazoo document without a name after its feature code, or its first number', () => {
    expect(parsed({ featurecode: { name: 'night mode' }, numbers: ['*60'] }).name).toBe('night mode');
    expect(parsed({ numbers: ['*60'] }).name).toBe('*60');
    expect(parsed({ name: '', numbers: ['*60'] }).name).toBe('');
  });

  it.each([
    ['a list', [], 'not-an-object'],
    ['nothing', null, 'not-an-object'],
    ['a function', { name: () => 'x' }, 'not-json'],
    ['an infinite number', { rest: Number.POSITIVE_INFINITY }, 'not-json'],
    ['a number as name', { name: 5 }, 'bad-name'],
    ['a name beyond the limit', { name: 'x'.repeat(129) }, 'bad-name'],
    ['numbers that are no texts', { numbers: [1001] }, 'bad-numbers'],
    ['an empty number', { numbers: [''] }, 'bad-numbers'],
    ['more numbers than anybody has', { numbers: Array(201).fill('1') }, 'bad-numbers'],
    ['a pattern beyond the limit', { patterns: ['a'.repeat(257)] }, 'bad-patterns'],
    ['a seat that is no id', { seat: 5 }, 'bad-seat'],
    ['a flow that is a text', { flow: 'play' }, 'bad-block'],
    ['a block without module', { flow: { data: {} } }, 'bad-block'],
    ['data that is a list', { flow: { module: 'x', data: [] } }, 'bad-block'],
    ['children that are a list', { flow: { module: 'x', data: {}, children: [] } }, 'bad-block'],
    ['a schedule without a time zone', { schedule: [{ weekdays: [1], at: '09:00' }] }, 'bad-schedule'],
    ['a weekday 8', { schedule: [{ weekdays: [8], at: '09:00', timeZone: 'UTC' }] }, 'bad-schedule'],
    ['a time 24:00', { schedule: [{ weekdays: [1], at: '24:00', timeZone: 'UTC' }] }, 'bad-schedule'],
  ])('refuses %s', (_, json, code) => {
    expect(codesOf(json)).toEqual([code]);
  });

  it('names the place of a block that it refuses', () => {
    const flow = { module: 'sleep', data: {}, children: { _: { module: '', data: {} } } };
    const result = parseCallflow({ flow }, PLACE);
    expect(result).toMatchObject({ problems: [{ severity: 'error', code: 'bad-block', path: ['_'] }] });
  });

  it('lists all problems at once', () => {
    const flow = { module: 'x', data: {}, children: { a: 'no', b: 'no' } };
    expect(codesOf({ name: 1, flow })).toEqual(['bad-name', 'bad-block', 'bad-block']);
  });
});

describe('a hostile document', () => {
  it('of 10,000 blocks beside each other is refused', () => {
    expect(codesOf({ flow: fan(10_000) })).toEqual(['too-many-blocks']);
    expect(codesOf({ flow: fan(DOCUMENT_LIMITS.blocks - 1) })).toEqual([]);
  });

  it('of 10,000 blocks below each other is refused', () => {
    expect(codesOf({ flow: chain(10_000) })).toEqual(['too-deep']);
  });

  it('of 65 blocks below each other is refused at the place', () => {
    expect(codesOf({ flow: chain(DOCUMENT_LIMITS.depth) })).toEqual([]);
    const result = parseCallflow({ flow: chain(DOCUMENT_LIMITS.depth + 1) }, PLACE);
    expect(result).toMatchObject({ problems: [{ code: 'too-deep', path: Array(64).fill('_') }] });
  });

  it('nested 100,000 deep in its data is refused without exhausting the stack', () => {
    const data = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`) as Json;
    expect(codesOf({ flow: { module: 'x', data } })).toEqual(['too-deep']);
    let deep: Json = [];
    for (let index = 0; index < 100_000; index += 1) deep = [deep];
    expect(codesOf({ x: deep })).toEqual(['too-deep']);
  });

  it('with huge texts or keys is refused', () => {
    expect(codesOf({ flow: { module: 'x', data: { a: 'x'.repeat(600_000) } } })).toEqual(['too-large']);
    expect(codesOf({ [`k${'x'.repeat(600_000)}`]: 1 })).toEqual(['too-large']);
    expect(codesOf({ a: Array(600_000).fill(0) })).toEqual(['too-large']);
  });

  it.each([
    '{"__proto__": {"isAdmin": true}}',
    '{"flow": {"module": "x", "data": {"__proto__": {"a": 1}}, "children": {}}}',
    '{"flow": {"module": "x", "data": {}, "children": {"__proto__": {"module": "hangup"}}}}',
  ])('with the key __proto__ is refused: %s', (text) => {
    expect(codesOf(JSON.parse(text))).toEqual(['forbidden-key']);
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });

  it('with the names of built-in members is an ordinary document', () => {
    const text = '{"constructor": 1, "flow": {"module": "toString", "data": {"valueOf": 1}, "children": {}}}';
    expect(parsed(JSON.parse(text))).toMatchObject({ flow: { module: 'toString', data: { valueOf: 1 } } });
  });

  it('of any shape is taken or refused, never a fault', () => {
    fc.assert(
      fc.property(fc.anything(), (json) => {
        expect(['callflow', 'refused']).toContain(parseCallflow(json, PLACE).kind);
      }),
    );
  });
});

describe('formatCallflow()', () => {
  it('gives a document that parses to the same callflow', () => {
    fc.assert(
      fc.property(callflowArbitrary, (callflow) => {
        const text = JSON.stringify(formatCallflow(callflow));
        const { realm, id, rev } = callflow;
        expect(parseCallflow(JSON.parse(text), { realm, id, rev })).toEqual({ kind: 'callflow', callflow });
      }),
    );
  });
});
