import { describe, expect, it } from 'vitest';
import type { Callflow, FlowNode, Json } from '../../../src/callflow/callflow.ts';
import { type CheckAround, checkCallflow, isSavable } from '../../../src/callflow/check.ts';
import { callflowWith, node, WORLD } from '../../support/callflow.ts';

const NIGHT = node('manual_presence', { presence_id: 'night', status: 'busy' });

function check(callflow: Callflow, around: Partial<CheckAround> = {}) {
  return checkCallflow(callflow, { others: [], world: WORLD, ...around });
}

function problemsOf(flow: FlowNode, around: Partial<CheckAround> = {}) {
  return check(callflowWith({ flow }), around).map(({ severity, code, path }) => [severity, code, path]);
}

function codesOf(patch: Partial<Callflow>, around: Partial<CheckAround> = {}) {
  return check(callflowWith({ flow: NIGHT, ...patch }), around).map(
    ({ severity, code }) => `${severity}: ${code}`,
  );
}

describe('checkCallflow()', () => {
  it('has nothing to say about a good callflow', () => {
    expect(check(callflowWith({ flow: NIGHT }))).toEqual([]);
  });

  it.each<[string, Partial<Callflow>, string]>([
    ['without number, pattern and schedule', { numbers: [] }, 'warning: no-number'],
    ['without a name', { name: ' ' }, 'warning: no-name'],
    ['without blocks', { flow: null }, 'warning: empty'],
    ['with a number that cannot be dialled', { numbers: ['12 34'] }, 'error: bad-number'],
    ['with a number listed twice', { numbers: ['*30', '*30'] }, 'warning: number-twice'],
    ['with a pattern that is none', { patterns: ['('] }, 'error: bad-pattern'],
    ['with a pattern that only a backtracking engine runs', { patterns: ['^(a)\\1$'] }, 'error: bad-pattern'],
    ['with a pattern whose program is large', { patterns: ['(.{1,100}){1,10}'] }, 'error: costly-pattern'],
    ['with a class of Unicode', { patterns: ['^\\pL+$'] }, 'error: costly-pattern'],
    [
      'with a schedule in a zone that does not exist',
      { schedule: [{ weekdays: [1], at: '09:00', timeZone: 'Mars/Base' }] },
      'error: bad-time-zone',
    ],
  ])('lists a callflow %s', (_, patch, problem) => {
    expect(codesOf(patch)).toEqual([problem]);
  });

  it('finds numbers and patterns that another callflow has', () => {
    const others = [callflowWith({ id: 'other', name: 'Other', numbers: ['*30'], patterns: ['^1'] })];
    const problems = check(callflowWith({ flow: NIGHT, patterns: ['^1'] }), { others });
    expect(problems).toMatchObject([
      {
        severity: 'error',
        code: 'number-clash',
        message: 'The number *30 already reaches "Other"',
        path: null,
      },
      { severity: 'warning', code: 'pattern-clash', path: null },
    ]);
  });

  it('never clashes with its own stored version', () => {
    expect(codesOf({}, { others: [callflowWith({ rev: 1 })] })).toEqual([]);
  });

  it('finds a seat that does not exist, where the seats are known', () => {
    const seat = {
      id: 's1',
      realm: 'acme.example',
      name: 'Desk',
      extension: '1001',
      presenceId: '1001',
      rev: 1,
    };
    expect(codesOf({ seat: 's2' }, { seats: [seat] })).toEqual(['warning: unknown-seat']);
    expect(codesOf({ seat: 's1' }, { seats: [seat] })).toEqual([]);
    expect(codesOf({ seat: 's2' })).toEqual([]);
  });

  it('lists errors first; a warning never stands against saving', () => {
    const problems = check(callflowWith({ name: '', flow: node('manual_presence') }));
    expect(problems.map(({ severity }) => severity)).toEqual(['error', 'warning']);
    expect(isSavable(problems)).toBe(false);
    expect(isSavable(check(callflowWith({ name: '' })))).toBe(true);
  });
});

describe('the check of a block', () => {
  it('names the block by the exits that lead to it', () => {
    const flow = node('set_variable', { variable: 'a' }, { _: node('manual_presence', { status: 'busy' }) });
    expect(problemsOf(flow)).toEqual([['error', 'missing-id', ['_']]]);
  });

  it('lists a module that this engine cannot run, and keeps it', () => {
    expect(problemsOf(node('voicemail', { id: 'vm1' }, { anything: NIGHT }))).toEqual([
      ['warning', 'unknown-module', []],
    ]);
  });

  it.each<[string, Readonly<Record<string, Json>>, string, string]>([
    ['manual_presence', { presence_id: 'a@b@c' }, 'error', 'bad-id'],
    ['manual_presence', { presence_id: 5 }, 'error', 'bad-field'],
    ['manual_presence', { presence_id: 'night', status: 'purple' }, 'error', 'bad-field'],
    ['manual_presence', { presence_id: 'night', expires_in: 0 }, 'warning', 'out-of-range'],
    ['manual_presence', { presence_id: 'night', skip_module: 'yes' }, 'error', 'bad-field'],
    ['manual_presence', { presence_id: 'night@evil.example' }, 'warning', 'foreign-realm'],
    ['response', { code: 200 }, 'warning', 'out-of-range'],
    ['response', { code: '486' }, 'error', 'bad-field'],
    ['response', { message: 'a\nb' }, 'error', 'bad-reason'],
    ['redirect', {}, 'error', 'missing-field'],
    ['redirect', { uri: 'www.example' }, 'error', 'bad-uri'],
    ['webhook', { uri: 'ftp://x.example/' }, 'error', 'bad-url'],
    ['webhook', { uri: 'https://x.example/', http_verb: 'get' }, 'warning', 'post-only'],
    ['callflow', {}, 'error', 'missing-field'],
    ['callflow', { id: 'gone' }, 'warning', 'unknown-callflow'],
    ['sleep', { duration: 2, unit: 'h' }, 'warning', 'long-sleep'],
    ['set_variable', {}, 'error', 'missing-field'],
  ])('%s %j: %s %s', (module, data, severity, code) => {
    expect(problemsOf(node(module, data))).toContainEqual([severity, code, []]);
  });

  it.each<[string, Readonly<Record<string, Json>>, string]>([
    ['check_cid', { regex: '(' }, 'error: bad-pattern'],
    ['branch_variable', { variable: 'a', scope: 'device' }, 'warning: unknown-scope'],
    ['branch_variable', {}, 'error: missing-field'],
    ['temporal_route', { rules: [] }, 'warning: no-time-zone'],
    ['temporal_route', { timezone: 'Mars/Base' }, 'error: bad-time-zone'],
    ['temporal_route', { timezone: 'UTC', rules: ['b8f1c7'] }, 'warning: rule-elsewhere'],
    ['temporal_route', { timezone: 'UTC', rules: [{ name: 'x', from: '25:00' }] }, 'error: bad-rule'],
    ['temporal_route', { timezone: 'UTC', rules: [{ name: 'x', weekdays: [0] }] }, 'error: bad-rule'],
    ['temporal_route', { timezone: 'UTC', rules: [{ name: 'x' }, { name: 'x' }] }, 'warning: rule-twice'],
    ['temporal_route', { timezone: 'UTC', holidays: ['25.12.'] }, 'error: bad-holiday'],
    ['temporal_route', { timezone: 'UTC', holidays: 'x' }, 'error: bad-field'],
  ])('%s %j: %s', (module, data, problem) => {
    expect(codesOf({ flow: node(module, data, { _: NIGHT }) })).toEqual([problem]);
  });

  it('lets a Manual Presence block name no ID where a pattern can capture one', () => {
    expect(codesOf({ patterns: ['^\\*7([0-9]+)$'], flow: node('manual_presence') })).toEqual([]);
    expect(codesOf({ flow: node('manual_presence') })).toEqual(['error: missing-id']);
  });

  it('lists a foreign user@realm with its place, and can be saved: the realm may be granted later', () => {
    const foreign = node('manual_presence', { presence_id: 'night@evil.example' });
    const flow = node('presence_branch', { presence_id: 'x' }, { busy: foreign, _: NIGHT });
    const problems = check(callflowWith({ flow }));
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'foreign-realm',
        message: 'The realm evil.example is not granted to this callflow',
        path: ['busy'],
      },
    ]);
    expect(isSavable(problems)).toBe(true);
  });

  it('takes a foreign realm that is granted', () => {
    const flow = node('manual_presence', { presence_id: 'night@branch.example' });
    expect(codesOf({ flow }, { world: { ...WORLD, grantedRealms: ['branch.example'] } })).toEqual([]);
  });

  it('lists blocks that no run reaches', () => {
    expect(problemsOf(node('hangup', {}, { _: NIGHT }))).toEqual([['warning', 'unreachable', []]]);
    expect(problemsOf({ ...NIGHT, children: { busy: NIGHT } })).toEqual([['warning', 'unreachable', []]]);
  });

  it('lists the ways out of a branch on which nothing follows', () => {
    const flow = node('presence_branch', { presence_id: 'x' }, { idle: NIGHT });
    expect(check(callflowWith({ flow }))).toMatchObject([
      {
        code: 'dead-end',
        message: 'The flow ends here, without an answer, on: Ringing, Busy, On hold, Otherwise',
      },
    ]);
    expect(problemsOf({ ...flow, children: { _: NIGHT } })).toEqual([]);
  });

  it('looks at a skipped block as one that does nothing', () => {
    expect(problemsOf(node('redirect', { skip_module: true }, { _: NIGHT }))).toEqual([]);
  });
});

describe('the check for loops', () => {
  const jump = (id: string) => node('callflow', { id });
  const other = (id: string, flow: FlowNode) => callflowWith({ id, numbers: [id], flow });

  it('refuses a callflow that jumps to itself', () => {
    expect(problemsOf(jump('flow1'))).toEqual([['error', 'loop', []]]);
  });

  it('refuses a ring of three, at the jump that closes it', () => {
    const others = [other('flow2', jump('flow3')), other('flow3', jump('flow1'))];
    const flow = node('sleep', { duration: 1 }, { _: jump('flow2') });
    expect(problemsOf(flow, { others })).toEqual([['error', 'loop', ['_']]]);
  });

  it('warns of a ring that a branch can leave', () => {
    const branch = node('presence_branch', { presence_id: 'x' }, { busy: jump('flow1'), _: NIGHT });
    expect(problemsOf(branch)).toEqual([['warning', 'loop', ['busy']]]);
    expect(problemsOf(jump('flow2'), { others: [other('flow2', branch)] })).toEqual([
      ['warning', 'loop', []],
    ]);
  });

  it('has nothing against a ring elsewhere, or a jump that is skipped', () => {
    const others = [other('flow2', jump('flow3')), other('flow3', jump('flow2'))];
    expect(problemsOf(jump('flow2'), { others })).toEqual([]);
    expect(problemsOf(node('callflow', { id: 'flow1', skip_module: true }))).toEqual([]);
  });

  it('stays quick with 500 callflows that all jump to each other', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `f${index}`);
    const others = ids.map((id, index) => other(id, jump(ids[(index + 1) % 500] ?? '')));
    const begun = performance.now();
    expect(
      problemsOf(jump('f0'), { others: [...others.slice(0, -1), other('f499', jump('flow1'))] }),
    ).toEqual([['error', 'loop', []]]);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a document that is meant to hurt', () => {
  /** CPU time of this process while something is done, in ms: whatever else the machine does meanwhile. */
  function cpuOf(work: () => void): number {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  const costly = [
    (index: number) =>
      `(?i)${String.fromCharCode(97 + (index % 26))}${'[\\x{100}-\\x{10ffff}]'.repeat(12)}${index}`,
    (index: number) => `(?i)${'\\PL'.repeat(80)}${index}`,
    (index: number) => `${'(.){1000}'.repeat(27)}${index}`,
    (index: number) => `((((.{0,9}){0,9}){0,9}){0,9})${index}`,
  ];

  it.each(costly.map((make) => [make(0).slice(0, 30), make] as const))(
    'has 50 patterns like %s refused before they are compiled',
    (_, make) => {
      const patterns = Array.from({ length: 50 }, (_, index) => make(index));
      let problems: readonly string[] = [];
      // Compiled, they took 1 to 5 s.
      expect(cpuOf(() => (problems = codesOf({ patterns })))).toBeLessThan(300);
      expect(problems).toEqual(patterns.map(() => 'error: costly-pattern'));
    },
  );

  it('has no more than 50 ms of patterns that are each small enough', () => {
    const pattern = (index: number) => `(?i)${'\\W'.repeat(100)}${index}`;
    const patterns = Array.from({ length: 50 }, (_, index) => pattern(index));
    expect(cpuOf(() => expect(codesOf({ patterns })).toEqual([]))).toBeLessThan(500);
    let flow = node('check_cid', { regex: pattern(50) });
    for (let index = 0; index < 60; index += 1)
      flow = node('check_cid', { regex: pattern(51 + index) }, { _: flow });
    const problems = check(callflowWith({ patterns, flow }));
    expect(problems.map(({ severity, code }) => [severity, code])).toContainEqual([
      'error',
      'costly-patterns',
    ]);
    expect(problems.some(({ code }) => code === 'bad-pattern')).toBe(false);
  });
});
