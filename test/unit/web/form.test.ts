import { describe, expect, it } from 'vitest';
import { actionOf } from '../../../src/callflow/catalog.ts';
import { checkDraft } from '../../../src/web/model/check-draft.ts';
import { type CallflowSummary, clashOf, numberFault, searchCallflows } from '../../../src/web/model/clash.ts';
import { EMPTY_DRAFT } from '../../../src/web/model/draft.ts';
import { formFaults } from '../../../src/web/model/field-fault.ts';
import { mergeProblems, problemsByPlace } from '../../../src/web/model/problems.ts';
import { formatRoute, parseRoute } from '../../../src/web/model/route.ts';

const LIST: readonly CallflowSummary[] = [
  { id: 'a', name: 'Night switch', numbers: ['*30'], patterns: [], seat: null, rev: 1, problems: 0 },
  { id: 'b', name: 'Reception', numbers: ['1001'], patterns: ['^\\*40'], seat: null, rev: 1, problems: 0 },
];

const faults = (module: string, data: Record<string, string | number>) =>
  Object.keys(formFaults(actionOf(module)?.fields ?? [], data));

describe('the window of a block', () => {
  it('wants a presence ID that can be one', () => {
    expect(faults('manual_presence', { presence_id: ' ', status: 'busy' })).toEqual(['presence_id']);
    expect(faults('manual_presence', { presence_id: 'a@b@c', status: 'busy' })).toEqual(['presence_id']);
    expect(faults('manual_presence', { presence_id: 'night@acme', status: 'toggle' })).toEqual([]);
  });

  it('wants numbers in their range', () => {
    expect(faults('response', { code: 200 })).toEqual(['code']);
    expect(faults('response', { code: 486 })).toEqual([]);
    expect(faults('manual_presence', { presence_id: 'x', expires_in: 0 })).toEqual(['expires_in']);
  });
});

describe('numbers', () => {
  it('clash with those of another callflow, never with its own', () => {
    expect(clashOf('*30', 'b', LIST)?.name).toBe('Night switch');
    expect(clashOf('*30', 'a', LIST)).toBeNull();
  });

  it('are taken as they are dialled', () => {
    expect(numberFault('+49 30', [])).toMatch(/blanks/);
    expect(numberFault('*30', ['*30'])).toMatch(/already/);
    expect(numberFault('*30', [])).toBeNull();
  });
});

describe('searchCallflows()', () => {
  it('finds by words of the name, numbers and patterns', () => {
    expect(searchCallflows(LIST, 'SWITCH night').map(({ id }) => id)).toEqual(['a']);
    expect(searchCallflows(LIST, '*40').map(({ id }) => id)).toEqual(['b']);
    expect(searchCallflows(LIST, '')).toHaveLength(2);
  });
});

describe('problems', () => {
  const known = { list: LIST, seats: [], zoneTime: () => null };

  it('show a number clash before anything is sent', () => {
    const draft = { ...EMPTY_DRAFT, id: 'c', realm: 'acme', rev: 0, numbers: ['*30'] };
    expect(checkDraft(draft, known).map(({ code }) => code)).toContain('number-clash');
    expect(checkDraft({ ...draft, id: 'a' }, known).map(({ code }) => code)).not.toContain('number-clash');
  });

  it('are listed once, errors first, and by block', () => {
    const warning = { severity: 'warning', code: 'empty', message: 'Nothing', path: null } as const;
    const error = { severity: 'error', code: 'missing-id', message: 'No ID', path: ['_'] } as const;
    const all = mergeProblems([warning, error], [{ ...warning }]);
    expect(all).toEqual([error, warning]);
    expect([...problemsByPlace(all).keys()]).toEqual(['["_"]', 'main']);
  });
});

describe('a route', () => {
  it.each([
    { view: 'callflows', realm: 'default', id: null },
    { view: 'callflows', realm: 'acme.example', id: 'a/b c' },
    { view: 'lamps', realm: 'ümläut' },
  ] as const)('survives the address bar: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('is none without a realm, and takes an address that is cut short', () => {
    expect(parseRoute('')).toBeNull();
    expect(parseRoute('#/default')).toEqual({ view: 'callflows', realm: 'default', id: null });
    expect(parseRoute('#/%E0%A4%A/lamps')).toEqual({ view: 'lamps', realm: '%E0%A4%A' });
  });
});
