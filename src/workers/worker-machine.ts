/**
 * The life of one worker as its primary sees it. `starting`: the process runs and opens its ports; `waiting`: it has died
 * and the next one is not due; `stopping`: it was asked to end; `gone`: there is none, and none follows.
 */
export type WorkerState = 'starting' | 'up' | 'waiting' | 'stopping' | 'gone';

/** `silent`: it gives no sign of life though it runs; `due`: the wait before the next start, or for an end, is over. */
export type WorkerInput = 'ready' | 'exited' | 'silent' | 'due' | 'stop';

/** `retry`: wait, then start another; `ask`: ask it to end, and wait for that; `end`: end it like a power cut. */
export type WorkerAction = 'none' | 'announce' | 'retry' | 'start' | 'ask' | 'end';

interface Step {
  readonly next: WorkerState;
  readonly action: WorkerAction;
}

/** The next state of a worker, and what its primary does. What cannot happen in a state changes nothing. */
export function workerStep(state: WorkerState, input: WorkerInput): Step {
  return STEPS[state][input] ?? { next: state, action: 'none' };
}

const STEPS: Readonly<Record<WorkerState, Readonly<Partial<Record<WorkerInput, Step>>>>> = {
  starting: {
    ready: { next: 'up', action: 'announce' },
    exited: { next: 'waiting', action: 'retry' },
    silent: { next: 'starting', action: 'end' },
    stop: { next: 'stopping', action: 'ask' },
  },
  up: {
    exited: { next: 'waiting', action: 'retry' },
    // The system goes on giving it datagrams that nobody reads.
    silent: { next: 'up', action: 'end' },
    stop: { next: 'stopping', action: 'ask' },
  },
  waiting: {
    due: { next: 'starting', action: 'start' },
    stop: { next: 'gone', action: 'none' },
  },
  stopping: {
    exited: { next: 'gone', action: 'none' },
    silent: { next: 'stopping', action: 'end' },
    due: { next: 'stopping', action: 'end' },
  },
  gone: {},
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * How long the next start waits after so many workers that died young, one after the other, in ms: 0, then twice as long
 * each time, 30 s at most.
 */
export function restartWaitMs(diedYoung: number): number {
  if (diedYoung === 0) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (diedYoung - 1), LONGEST_WAIT_MS);
}
