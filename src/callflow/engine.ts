import type { Block, Move, RunWorld } from './action.ts';
import type { Callflow, FlowNode } from './callflow.ts';
import { actionOf, SKIP } from './catalog.ts';
import { isOn } from './data.ts';
import { RUN_LIMITS } from './limits.ts';
import type { RunAnswer, RunEffect, RunRecord, RunStep, Trigger } from './run.ts';

/** What starts a run. */
export interface RunInput {
  readonly id: string;
  readonly trigger: Trigger;
  /** As dialled; empty when nobody dialled. */
  readonly number: string;
  /** The number of the caller; empty when there is none. */
  readonly caller: string;
  /** What the pattern captured, or null. */
  readonly capture: string | null;
  readonly variables: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly now: number;
  readonly world: RunWorld;
}

/** Where a run is. */
interface RunPlace {
  readonly callflow: Callflow;
  readonly node: FlowNode;
  readonly path: readonly string[];
}

/** A run of a callflow: a value, made anew by each function here. Ends after a bounded number of blocks and sleeps. */
export interface Run extends RunInput {
  readonly callflowId: string;
  readonly realm: string;
  readonly startedAt: number;
  /** The block at work; null: the run is over. */
  readonly at: RunPlace | null;
  /** What the run waits for; null: nothing. */
  readonly waiting: RunEffect | null;
  readonly steps: readonly RunStep[];
  readonly jumps: number;
  readonly sleptMs: number;
  readonly outcome: 'ended' | 'answered' | 'cancelled' | 'failed' | 'too-long';
}

/** A run at the first block of a callflow; over at once when nothing is drawn. */
export function startRun(callflow: Callflow, input: RunInput): Run {
  return {
    ...input,
    variables: boundedVariables(input.variables),
    callflowId: callflow.id,
    realm: callflow.realm,
    startedAt: input.now,
    at: firstBlock(callflow),
    waiting: null,
    steps: [],
    jumps: 0,
    sleptMs: 0,
    outcome: 'ended',
  };
}

/**
 * Takes a run to the next thing that it needs done, which `answerEffect` then answers; an effect of null: the run
 * is over. Asked again before the answer, it gives the same effect. Never throws.
 */
export function nextEffect(run: Run): { readonly run: Run; readonly effect: RunEffect | null } {
  let current = run;
  while (current.at !== null && current.waiting === null) current = enterBlock(current, current.at);
  return { run: current, effect: current.waiting };
}

/**
 * Tells a run what came of its effect. `loaded` is the callflow that `load-callflow` found. An answer that nothing
 * waits for, because the run was cancelled meanwhile, changes nothing. Never throws, whatever the answer.
 */
export function answerEffect(
  run: Run,
  answer: RunAnswer,
  context: { readonly now: number; readonly loaded?: Callflow | undefined },
): Run {
  const { at, waiting } = run;
  if (at === null || waiting === null) return run;
  const told = { ...run, now: context.now, waiting: null };
  const resume = actionOf(at.node.module)?.resume;
  const block = blockOf(told, at, context.loaded ?? null);
  return perform(told, at, resume?.(block, answer) ?? { kind: 'exit', exit: '_', result: 'Done' });
}

/** Ends a run whose caller gave up (CANCEL). A run that is over stays as it ended. */
export function cancelRun(run: Run, now: number): Run {
  if (run.at === null) return run;
  return endRun({ ...run, now }, run.at, { result: 'Cancelled', outcome: 'cancelled' });
}

/** What is kept of a run that is over. */
export function recordOf(run: Run): RunRecord {
  const { id, callflowId, realm, startedAt, now, trigger, number, caller, steps, outcome } = run;
  return { id, callflowId, realm, startedAt, endedAt: now, trigger, number, caller, steps, outcome };
}

function enterBlock(run: Run, at: RunPlace): Run {
  if (run.steps.length >= RUN_LIMITS.steps) {
    return endRun(run, at, { result: `A run ends after ${RUN_LIMITS.steps} blocks`, outcome: 'too-long' });
  }
  const { node } = at;
  if (isOn(node.data, SKIP.key)) return perform(run, at, { kind: 'exit', exit: '_', result: 'Skipped' });
  const action = actionOf(node.module);
  const unknown = 'Passed: this engine cannot run the block';
  return perform(
    run,
    at,
    action?.begin(blockOf(run, at, null)) ?? { kind: 'exit', exit: '_', result: unknown },
  );
}

function perform(run: Run, at: RunPlace, move: Move): Run {
  switch (move.kind) {
    case 'ask':
      return { ...run, waiting: move.effect, sleptMs: run.sleptMs + sleepOf(move.effect) };
    case 'exit':
      return leaveBlock(run, at, move);
    case 'jump':
      return { ...passed(run, at, move.result, null), jumps: run.jumps + 1, at: firstBlock(move.callflow) };
    case 'end':
      return endRun(run, at, move);
  }
}

function sleepOf(effect: RunEffect): number {
  return effect.kind === 'sleep' ? effect.ms : 0;
}

/** Goes on below the exit that is wanted or, where it has no block, below `_` (as in Kazoo). */
function leaveBlock(run: Run, at: RunPlace, move: Extract<Move, { kind: 'exit' }>): Run {
  const exit = [move.exit, '_'].find((name) => Object.hasOwn(at.node.children, name)) ?? null;
  const node = exit === null ? undefined : at.node.children[exit];
  const { set } = move;
  return {
    ...passed(run, at, move.result, exit),
    at: exit === null || node === undefined ? null : { ...at, node, path: [...at.path, exit] },
    outcome: move.failed === true ? 'failed' : run.outcome,
    variables: set === undefined ? run.variables : { ...run.variables, [set.name]: set.value },
  };
}

function endRun(run: Run, at: RunPlace, end: { result: string; outcome?: Run['outcome'] }): Run {
  const { result, outcome = 'ended' } = end;
  // A block that failed before is worth more to know than that the call was answered in the end.
  const kept =
    run.outcome === 'failed' && (outcome === 'ended' || outcome === 'answered') ? run.outcome : outcome;
  return { ...passed(run, at, result, null), at: null, waiting: null, outcome: kept };
}

function passed(run: Run, { callflow, node, path }: RunPlace, result: string, exit: string | null): Run {
  const step = { callflowId: callflow.id, path, module: node.module, result, exit };
  return { ...run, steps: [...run.steps, step] };
}

function firstBlock(callflow: Callflow): RunPlace | null {
  return callflow.flow === null ? null : { callflow, node: callflow.flow, path: [] };
}

function blockOf(run: Run, at: RunPlace, loaded: Callflow | null): Block {
  const { world, now, realm, trigger, number, caller, capture, variables } = run;
  return {
    ...{ data: at.node.data, world, now, runId: run.id, callflowId: run.callflowId, realm, trigger },
    ...{ number, caller, capture, variables, loaded },
    jumpsLeft: Math.max(0, RUN_LIMITS.jumps - run.jumps),
    sleepLeftMs: Math.max(0, RUN_LIMITS.sleepMs - run.sleptMs),
  };
}

function boundedVariables(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(given).filter(([name]) => name !== '__proto__');
  const kept = entries.slice(0, RUN_LIMITS.variables);
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value).slice(0, RUN_LIMITS.variable)]));
}
