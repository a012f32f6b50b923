import type { RunRecord, RunStep } from '../../callflow/run.ts';
import { keyOf } from './tree.ts';

/** A block that a run has passed, for the diagram. */
export interface PassedBlock {
  /** 1 for the first block of the run. */
  readonly order: number;
  readonly step: RunStep;
}

/** The blocks of one callflow that a run has passed, by `keyOf` of their path; the last passing of each. */
export function passedBlocks(run: RunRecord, callflowId: string): ReadonlyMap<string, PassedBlock> {
  const passed = run.steps.map((step, index) => ({ order: index + 1, step }));
  const own = passed.filter(({ step }) => step.callflowId === callflowId);
  return new Map(own.map((block) => [keyOf(block.step.path), block]));
}

/** Who or what started a run, for people. */
export function startedBy({ trigger, caller, number }: RunRecord): string {
  const from = caller === '' ? '' : ` from ${caller}`;
  const to = number === '' ? '' : ` to ${number}`;
  switch (trigger) {
    case 'call':
      return `Call${from}${to}`;
    case 'api':
      return `Run by hand or API${from}${to}`;
    case 'action':
      return 'Posted by another engine';
    case 'schedule':
      return 'Schedule';
  }
}
