import type { Callflow } from '../callflow/callflow.ts';
import { answerEffect, cancelRun, nextEffect, type Run, recordOf } from '../callflow/engine.ts';
import type { RunAnswer, RunEffect } from '../callflow/run.ts';
import { isFault } from '../errors.ts';
import type { Board } from '../presence/board.ts';
import { dialogsOf, type LampStatus, lampStatus } from '../presence/lamp.ts';
import { formatResource, type Resource } from '../presence/resource.ts';
import type { RunResult } from './callflow-service.ts';
import { publishManual } from './publish.ts';
import type { NotifierState } from './state.ts';

/** The call behind a run, as far as a run can touch it. */
export interface Call {
  /** The final response; false when it has had one. */
  respond(status: number, reason?: string): boolean;
  redirect(uri: string): boolean;
  hangUp(): boolean;
}

/** A run on its way. */
export interface Drive {
  readonly result: Promise<RunResult>;
  /** The caller gave up: the run ends where it is. */
  cancel(): void;
}

/** Performs what a run asks for, one effect after the other, and keeps its record. The promise never rejects. */
export function drive(state: NotifierState, start: Run, call: Call | null): Drive {
  const cancelled = Promise.withResolvers<null>();
  return {
    result: perform(state, start, { call, cancelled: cancelled.promise }),
    cancel: () => cancelled.resolve(null),
  };
}

interface Surroundings {
  readonly call: Call | null;
  /** Resolves when the caller gives up. */
  readonly cancelled: Promise<null>;
}

async function perform(state: NotifierState, start: Run, around: Surroundings): Promise<RunResult> {
  const lamps = new Map<string, RunResult['lamps'][number]>();
  let step = nextEffect(start);
  while (step.effect !== null) {
    const done = await Promise.race([
      answer(state, step.run, { ...around, effect: step.effect }),
      around.cancelled,
    ]);
    if (done === null) {
      step = { run: cancelRun(step.run, state.now()), effect: null };
      break;
    }
    if (done.moved !== undefined) lamps.set(formatResource(done.moved.resource), done.moved);
    step = nextEffect(answerEffect(step.run, done.answer, { now: state.now(), loaded: done.loaded }));
  }
  const run = recordOf({ ...step.run, now: state.now() });
  keep(state, run);
  return { run, lamps: [...lamps.values()] };
}

/** A record that cannot be kept is no reason to fail a call. */
function keep(state: NotifierState, run: RunResult['run']): void {
  state.parts.store.callflows.addRun(run).catch((error: unknown) => {
    state.parts.log.warn({ err: error, run: run.id }, 'Cannot keep the record of a run');
  });
}

interface Done {
  readonly answer: RunAnswer;
  readonly loaded?: Callflow;
  readonly moved?: { readonly resource: Resource; readonly status: LampStatus };
}

async function answer(
  state: NotifierState,
  run: Run,
  to: { readonly effect: RunEffect; readonly call: Call | null },
): Promise<Done> {
  try {
    return await answerOf(state, run, to);
  } catch (error) {
    if (!isFault(error, 'STORE_AWAY') && !isFault(error, 'STORE_CONTENDED')) {
      state.parts.log.error({ err: error, run: run.id }, 'A block of a run failed');
    }
    return { answer: { kind: 'failed', message: 'The store could not be reached' } };
  }
}

async function answerOf(
  state: NotifierState,
  run: Run,
  { effect, call }: { readonly effect: RunEffect; readonly call: Call | null },
): Promise<Done> {
  switch (effect.kind) {
    case 'set-manual':
      return setManual(state, run, effect);
    case 'read-lamp':
      return {
        answer: {
          kind: 'lamp',
          status: statusOf(state, await state.parts.store.boards.get(effect.resource)),
        },
      };
    case 'respond':
      return answered(call?.respond(effect.status, effect.reason));
    case 'redirect':
      return answered(call?.redirect(effect.uri));
    case 'hangup':
      return answered(call?.hangUp());
    case 'sleep':
      await new Promise<void>((resolve) => state.parts.clock.after(effect.ms, resolve));
      return DONE;
    case 'webhook':
      state.parts.webhooks.post(effect);
      return DONE;
    case 'load-callflow':
      return loaded(await state.parts.store.callflows.get(run.realm, effect.id));
  }
}

const DONE: Done = { answer: { kind: 'done' } };

function answered(done: boolean | undefined): Done {
  return done === true ? DONE : { answer: { kind: 'failed', message: 'The call had its answer already' } };
}

function loaded(callflow: Callflow | null): Done {
  const found = callflow !== null;
  return { answer: { kind: 'callflow', found }, ...(found ? { loaded: callflow } : {}) };
}

async function setManual(
  state: NotifierState,
  run: Run,
  effect: Extract<RunEffect, { kind: 'set-manual' }>,
): Promise<Done> {
  const { resource, status, note, expiresIn } = effect;
  const by = `callflow ${run.at?.callflow.name ?? ''}`.trim();
  const details = {
    ...(note === undefined ? {} : { note }),
    ...(expiresIn === undefined ? {} : { expiresIn }),
  };
  const { board, changed } = await publishManual(state, resource, { status, by, ...details });
  const answer: RunAnswer = { kind: 'manual', status: board?.manual?.status ?? 'idle', changed };
  return changed ? { answer, moved: { resource, status: statusOf(state, board) } } : { answer };
}

function statusOf(state: NotifierState, board: Board | null): LampStatus {
  const [dialog] = dialogsOf(board, state.parts.options.order);
  return dialog === undefined ? 'idle' : lampStatus(dialog);
}
