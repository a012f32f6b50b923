import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Callflow } from '../../../src/callflow/callflow.ts';
import { checkCallflow, isSavable } from '../../../src/callflow/check.ts';
import { answerEffect, nextEffect, type Run, recordOf, startRun } from '../../../src/callflow/engine.ts';
import { RUN_LIMITS } from '../../../src/callflow/limits.ts';
import type { RunAnswer, RunEffect, Trigger } from '../../../src/callflow/run.ts';
import { blocksOf } from '../../../src/callflow/walk.ts';
import { drive, NOON, WORLD } from '../../support/callflow.ts';
import { answerArbitrary, callflowArbitrary } from './arbitrary.ts';

/** Nothing that a run can do takes more effects than blocks and jumps together. */
const MOST_EFFECTS = RUN_LIMITS.steps + 1;

const input = fc.record({
  trigger: fc.constantFrom<Trigger[]>('call', 'api', 'action', 'schedule'),
  number: fc.string({ maxLength: 12 }),
  caller: fc.oneof(fc.constantFrom('1001', 'constructor', ''), fc.string({ maxLength: 12 })),
  capture: fc.option(fc.string({ maxLength: 12 })),
  variables: fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), {
    noNullPrototype: true,
  }),
});

/** Runs a callflow with answers from a list, over and over, whether they fit or not. */
function runThrough(begun: Run, answers: readonly RunAnswer[], others: readonly Callflow[]) {
  const effects: RunEffect[] = [];
  let run = begun;
  for (let index = 0; index < MOST_EFFECTS; index += 1) {
    const next = nextEffect(run);
    if (next.effect === null) return { run: next.run, effects };
    effects.push(next.effect);
    const { effect } = next;
    const loaded = effect.kind === 'load-callflow' ? others.find(({ id }) => id === effect.id) : undefined;
    const found: RunAnswer = { kind: 'callflow', found: loaded !== undefined };
    const answer = loaded === undefined ? answers[index % answers.length] : found;
    run = answerEffect(next.run, answer ?? { kind: 'done' }, { now: next.run.now + 1, loaded });
  }
  throw new Error('The run does not end');
}

describe('every run', () => {
  it('ends, whatever the documents and the answers', () => {
    const callflows = fc.array(callflowArbitrary, { minLength: 1, maxLength: 3 });
    const answers = fc.array(answerArbitrary, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(callflows, input, answers, (flows, given, list) => {
        const [first] = flows as [Callflow];
        const begun = startRun(first, { id: 'run1', now: NOON, world: WORLD, ...given });
        const { run, effects } = runThrough(begun, list, flows);
        const record = recordOf(run);
        expect(record.steps.length).toBeLessThanOrEqual(RUN_LIMITS.steps + 1);
        expect(record.endedAt).toBe(NOON + effects.length);
      }),
      { numRuns: 200 },
    );
  });

  it('of a callflow that the check passes asks for what can be done, and sets lamps in its own realm only', () => {
    fc.assert(
      fc.property(
        callflowArbitrary,
        input,
        fc.array(answerArbitrary, { minLength: 1 }),
        (flow, given, answers) => {
          fc.pre(isSavable(checkCallflow(flow, { others: [], world: WORLD })));
          const { run, effects } = runThrough(
            startRun(flow, { id: 'run1', now: NOON, world: WORLD, ...given }),
            answers,
            [],
          );
          for (const effect of effects) {
            if ('resource' in effect) expect(effect.resource.realm).toBe('acme.example');
            if (effect.kind === 'respond')
              expect(effect.status).toSatisfy((status) => status >= 400 && status <= 699);
            if (effect.kind === 'sleep') expect(effect.ms).toBeLessThanOrEqual(RUN_LIMITS.sleepMs);
          }
          expect(run.at).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of a callflow that the check passes fails at no block, but for foreign realms and callflows that are gone', () => {
    const failing = ['foreign-realm', 'unknown-callflow'];
    fc.assert(
      fc.property(callflowArbitrary, (flow) => {
        const problems = checkCallflow(flow, { others: [], world: WORLD });
        fc.pre(isSavable(problems) && !problems.some(({ code }) => failing.includes(code)));
        const { run } = drive(flow, { input: { capture: '1001' }, others: [flow] });
        expect(run.outcome).not.toBe('failed');
      }),
      { numRuns: 100 },
    );
  });

  it('passes blocks of the document only, each below the exit taken before', () => {
    fc.assert(
      fc.property(
        callflowArbitrary,
        input,
        fc.array(answerArbitrary, { minLength: 1 }),
        (flow, given, answers) => {
          const { run } = runThrough(
            startRun(flow, { id: 'run1', now: NOON, world: WORLD, ...given }),
            answers,
            [],
          );
          const places = blocksOf(flow.flow).map(({ node, path }) => JSON.stringify([path, node.module]));
          for (const [index, step] of run.steps.entries()) {
            expect(places).toContain(JSON.stringify([step.path, step.module]));
            const next = run.steps[index + 1];
            if (next !== undefined) expect(next.path).toEqual([...step.path, step.exit]);
          }
        },
      ),
    );
  });
});

describe('the check', () => {
  it('never throws, and names places that exist', () => {
    fc.assert(
      fc.property(callflowArbitrary, fc.array(callflowArbitrary, { maxLength: 2 }), (flow, others) => {
        const paths = blocksOf(flow.flow).map(({ path }) => JSON.stringify(path));
        for (const { path } of checkCallflow(flow, { others, seats: [], world: WORLD })) {
          if (path !== null) expect(paths).toContain(JSON.stringify(path));
        }
      }),
    );
  });
});
