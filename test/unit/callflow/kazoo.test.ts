import { describe, expect, it } from 'vitest';
import type { Callflow } from '../../../src/callflow/callflow.ts';
import { checkCallflow, isSavable } from '../../../src/callflow/check.ts';
import { formatCallflow } from '../../../src/callflow/document.ts';
import { matchNumber } from '../../../src/callflow/match.ts';
import { callflowWith, compile, drive, node, parsed, readJson, WORLD } from '../../support/callflow.ts';

function kazoo(name: string): Callflow {
  return parsed(readJson(`test/fixture/callflow/kazoo-${name}.json`), name);
}

function dial(number: string, callflow: Callflow) {
  const found = matchNumber(number, [callflow], compile);
  expect(found).not.toBeNull();
  return drive(callflow, { input: { number, capture: found?.capture ?? null } });
}

describe("Kazoo's documents run unchanged", () => {
  it.each(['night', 'capture', 'defaults', 'branches'])('%s can be saved', (name) => {
    expect(isSavable(checkCallflow(kazoo(name), { others: [], world: WORLD }))).toBe(true);
  });

  it.each(['night', 'capture', 'defaults', 'branches'])(
    '%s is stored with everything that it holds',
    (name) => {
      expect(formatCallflow(kazoo(name))).toMatchObject(
        readJson(`test/fixture/callflow/kazoo-${name}.json`) as object,
      );
    },
  );

  it('a feature code sets a lamp', () => {
    expect(dial('*60', kazoo('night')).effects).toEqual([
      { kind: 'set-manual', resource: { realm: 'acme.example', user: 'night' }, status: 'busy' },
    ]);
  });

  it('a pattern captures the ID, and the flow goes on after the lamp', () => {
    expect(dial('*741001', kazoo('capture')).effects).toEqual([
      { kind: 'set-manual', resource: { realm: 'acme.example', user: '1001' }, status: 'ringing' },
      { kind: 'hangup' },
    ]);
  });

  it('an empty capture names no ID: the run says so and goes on', () => {
    const { run, effects } = dial('*74', kazoo('capture'));
    expect(effects).toEqual([{ kind: 'hangup' }]);
    expect(run).toMatchObject({ outcome: 'failed', steps: [{ result: /No presence ID/ }, {}] });
  });

  it('status idle by default, an ID with its realm, skip_module, a response with media', () => {
    const { run, effects } = dial('*61', kazoo('defaults'));
    expect(effects).toEqual([
      { kind: 'set-manual', resource: { realm: 'acme.example', user: 'reception' }, status: 'idle' },
      { kind: 'respond', status: 486, reason: 'Thank you' },
    ]);
    expect(run.steps.map((step) => step.result)[1]).toBe('Skipped');
  });

  it('branches by caller and variable, blocks of others passed, rules of others never held', () => {
    const branches = kazoo('branches');
    const route = (caller: string, variables = {}) =>
      drive(branches, {
        input: { caller, variables },
        others: [callflowWith({ id: 'vip-desk', flow: node('hangup') })],
      });
    expect(route('+15551234', { vip: 'yes' }).run.steps.map(({ module }) => module)).toEqual([
      ...['temporal_route', 'check_cid', 'branch_variable', 'callflow', 'hangup'],
    ]);
    expect(
      route('+15551234')
        .run.steps.map(({ module }) => module)
        .slice(3),
    ).toEqual(['sleep', 'voicemail']);
    expect(route('1001').effects.map(({ kind }) => kind)).toEqual(['webhook', 'set-manual']);
  });

  it('lists what this engine does not do with them', () => {
    const codes = checkCallflow(kazoo('branches'), { others: [], world: WORLD }).map(({ code, path }) => [
      code,
      path,
    ]);
    expect(codes).toEqual([
      ['rule-elsewhere', []],
      ['unknown-module', ['b8f1c7d2e4a04a3c9d55']],
      ['unknown-callflow', ['_', 'match', 'yes']],
      ['unknown-module', ['_', 'match', '_', '_']],
    ]);
  });
});
