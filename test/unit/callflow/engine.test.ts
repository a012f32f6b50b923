import { describe, expect, it } from 'vitest';
import type { Callflow } from '../../../src/callflow/callflow.ts';
import { answerEffect, cancelRun, nextEffect, recordOf, startRun } from '../../../src/callflow/engine.ts';
import { RUN_LIMITS } from '../../../src/callflow/limits.ts';
import { callflowWith, drive, NOON, node, WORLD } from '../../support/callflow.ts';

const NIGHT = node('manual_presence', { presence_id: 'night', status: 'busy' });

function start(callflow: Callflow) {
  const call = { id: 'run1', trigger: 'call', number: '*30', caller: '1001', capture: null } as const;
  return startRun(callflow, { ...call, variables: {}, now: NOON, world: WORLD });
}

describe('a run', () => {
  it('asks for one thing at a time, the same until it is answered', () => {
    const first = nextEffect(start(callflowWith({ flow: NIGHT })));
    expect(first.effect).toMatchObject({ kind: 'set-manual', status: 'busy' });
    expect(nextEffect(first.run)).toEqual(first);
  });

  it('goes on along the exits and keeps the path it took', () => {
    const { run, effects } = drive(
      callflowWith({
        flow: node('manual_presence', { presence_id: 'a' }, { _: node('response', { code: 480 }) }),
      }),
    );
    expect(effects.map((effect) => effect.kind)).toEqual(['set-manual', 'respond']);
    expect(recordOf(run)).toMatchObject({
      id: 'run1',
      callflowId: 'flow1',
      realm: 'acme.example',
      trigger: 'call',
      outcome: 'answered',
      steps: [
        { path: [], module: 'manual_presence', exit: '_' },
        { path: ['_'], module: 'response', exit: null },
      ],
    });
  });

  it('without a block ends at once', () => {
    expect(recordOf(drive(callflowWith()).run)).toMatchObject({ steps: [], outcome: 'ended' });
  });

  it('takes the default exit where the one wanted has no block, as in Kazoo', () => {
    const flow = node('presence_branch', { presence_id: 'x' }, { busy: node('hangup'), _: NIGHT });
    const { run } = drive(callflowWith({ flow }), {
      answer: (effect) => (effect.kind === 'read-lamp' ? { kind: 'lamp', status: 'ringing' } : null),
    });
    expect(run.steps.map(({ module, exit }) => [module, exit])).toEqual([
      ['presence_branch', '_'],
      ['manual_presence', null],
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'never follows the built-in member %s as an exit',
    (value) => {
      const flow = node('branch_variable', { variable: 'caller' }, { _: NIGHT });
      expect(drive(callflowWith({ flow }), { input: { caller: value } }).run.steps[0]?.exit).toBe('_');
    },
  );

  it('passes a block that the engine cannot run, along its default exit, and says so', () => {
    const flow = node('voicemail', { id: 'vm1' }, { other: node('hangup'), _: NIGHT });
    const { run, effects } = drive(callflowWith({ flow }));
    expect(effects).toMatchObject([{ kind: 'set-manual' }]);
    expect(run.steps[0]).toMatchObject({ module: 'voicemail', exit: '_', result: /cannot run/ });
  });

  it('passes a block with skip_module without doing anything, as in Kazoo', () => {
    const flow = node('response', { code: 486, skip_module: true }, { _: NIGHT });
    const { run, effects } = drive(callflowWith({ flow }));
    expect(effects).toMatchObject([{ kind: 'set-manual' }]);
    expect(run.steps[0]).toMatchObject({ result: 'Skipped', exit: '_' });
  });

  it('goes on after an effect that failed, and is kept as failed even if the call is answered', () => {
    const flow = node('manual_presence', { presence_id: 'night' }, { _: node('response') });
    const { run } = drive(callflowWith({ flow }), {
      answer: (effect) =>
        effect.kind === 'set-manual' ? { kind: 'failed', message: 'The store is away' } : null,
    });
    expect(run).toMatchObject({
      outcome: 'failed',
      steps: [{ result: 'The store is away' }, { module: 'response' }],
    });
  });

  it('keeps when it began and when it ended', () => {
    const { run } = drive(callflowWith({ flow: node('sleep', { duration: 3 }) }));
    expect(recordOf(run)).toMatchObject({ startedAt: NOON, endedAt: NOON + 3000 });
  });
});

describe('cancelRun()', () => {
  it('ends a run where it is; the answer that comes later changes nothing', () => {
    const { run } = nextEffect(start(callflowWith({ flow: NIGHT })));
    const cancelled = cancelRun(run, NOON + 5);
    expect(recordOf(cancelled)).toMatchObject({
      outcome: 'cancelled',
      endedAt: NOON + 5,
      steps: [{ result: 'Cancelled' }],
    });
    expect(answerEffect(cancelled, { kind: 'done' }, { now: NOON + 9 })).toBe(cancelled);
    expect(nextEffect(cancelled).effect).toBeNull();
  });

  it('leaves a run as it ended', () => {
    const { run } = drive(callflowWith({ flow: node('hangup') }));
    expect(cancelRun(run, NOON + 5)).toBe(run);
  });
});

describe('the bounds of a run', () => {
  it('a callflow that jumps to itself is ended after 16 jumps', () => {
    const self = callflowWith({ flow: node('callflow', { id: 'flow1' }) });
    const { run } = drive(self, { others: [self] });
    expect(run).toMatchObject({ outcome: 'too-long', jumps: RUN_LIMITS.jumps });
  });

  it('two callflows that jump to each other are ended', () => {
    const one = callflowWith({ flow: node('sleep', {}, { _: node('callflow', { id: 'flow2' }) }) });
    const other = callflowWith({ id: 'flow2', flow: node('callflow', { id: 'flow1' }) });
    expect(drive(one, { others: [one, other] }).run.outcome).toBe('too-long');
  });

  it('no more than 500 blocks are passed', () => {
    let flow = node('callflow', { id: 'flow1' });
    for (let index = 0; index < 60; index += 1) flow = node('set_variable', { variable: 'a' }, { _: flow });
    const long = callflowWith({ flow });
    const { run } = drive(long, { others: [long] });
    expect(run.outcome).toBe('too-long');
    expect(run.steps.length).toBeLessThanOrEqual(RUN_LIMITS.steps + 1);
  });

  it('all sleeps together last 10 minutes at most', () => {
    const flow = node(
      'sleep',
      { duration: 9, unit: 'm' },
      { _: node('sleep', { duration: 1, unit: 'h' }, { _: node('sleep', { duration: 1 }) }) },
    );
    const { run, effects } = drive(callflowWith({ flow }));
    expect(effects).toEqual([
      { kind: 'sleep', ms: 540_000 },
      { kind: 'sleep', ms: 60_000 },
    ]);
    expect(run).toMatchObject({ outcome: 'too-long', steps: [{}, {}, { result: 'Waited too long in all' }] });
  });

  it('no more than 64 variables of 1024 characters are kept', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`v${index}`, 'x'.repeat(5000)]),
    );
    const { run } = drive(
      callflowWith({ flow: node('set_variable', { variable: 'one more', value: '1' }) }),
      { input: { variables } },
    );
    expect(Object.keys(run.variables)).toHaveLength(64);
    expect(run.variables.v0).toHaveLength(1024);
    expect(run).toMatchObject({ outcome: 'failed', steps: [{ result: 'The run has 64 variables already' }] });
  });

  it('a jump never leads to another realm', () => {
    const foreign = callflowWith({ id: 'flow2', realm: 'evil.example', flow: NIGHT });
    const { run, effects } = drive(callflowWith({ flow: node('callflow', { id: 'flow2' }) }), {
      others: [foreign],
    });
    expect(effects).toMatchObject([{ kind: 'load-callflow' }]);
    expect(run).toMatchObject({ outcome: 'failed', steps: [{ result: 'There is no callflow flow2' }] });
  });
});
