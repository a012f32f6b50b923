import { describe, expect, it } from 'vitest';
import {
  restartWaitMs,
  type WorkerInput,
  type WorkerState,
  workerStep,
} from '../../../src/workers/worker-machine.ts';

const STATES: readonly WorkerState[] = ['starting', 'up', 'waiting', 'stopping', 'gone'];
const INPUTS: readonly WorkerInput[] = ['ready', 'exited', 'silent', 'due', 'stop'];

/** State and action after some inputs, from the first start on. */
function reached(...inputs: readonly WorkerInput[]) {
  let state: WorkerState = 'waiting';
  let action = '';
  for (const input of ['due', ...inputs] as const) {
    const step = workerStep(state, input);
    state = step.next;
    action = step.action;
  }
  return `${state}: ${action}`;
}

describe('the life of a worker', () => {
  it('starts, and is announced when it is up', () => {
    expect(reached()).toBe('starting: start');
    expect(reached('ready')).toBe('up: announce');
  });

  it('goes on with another process when one dies, while it starts or later', () => {
    expect(reached('exited')).toBe('waiting: retry');
    expect(reached('ready', 'exited')).toBe('waiting: retry');
    expect(reached('ready', 'exited', 'due')).toBe('starting: start');
  });

  it('is ended when it is stuck, and then goes on with another process', () => {
    expect(reached('ready', 'silent')).toBe('up: end');
    expect(reached('silent')).toBe('starting: end');
    expect(reached('ready', 'silent', 'exited')).toBe('waiting: retry');
  });

  it('is asked to end, and ended when that takes too long', () => {
    expect(reached('ready', 'stop')).toBe('stopping: ask');
    expect(reached('stop')).toBe('stopping: ask');
    expect(reached('ready', 'stop', 'due')).toBe('stopping: end');
    expect(reached('ready', 'stop', 'silent')).toBe('stopping: end');
    expect(reached('ready', 'stop', 'exited')).toBe('gone: none');
  });

  it('has no next process when it was asked to end, whatever comes', () => {
    expect(reached('exited', 'stop')).toBe('gone: none');
    for (const input of INPUTS) expect(workerStep('gone', input)).toEqual({ next: 'gone', action: 'none' });
    expect(reached('ready', 'stop', 'ready')).toBe('stopping: none');
    expect(reached('ready', 'stop', 'stop')).toBe('stopping: none');
  });

  it('always ends once it was asked to and its process is gone', () => {
    for (const state of STATES) {
      expect(workerStep(workerStep(state, 'stop').next, 'exited').next).toBe('gone');
    }
  });
});

describe('restartWaitMs()', () => {
  it('starts anew at once after a long life, then waits twice as long each time, 30 s at most', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(restartWaitMs);
    expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });
});
