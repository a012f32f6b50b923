import type { BlockAround, RunWorld } from './action.ts';
import type { Callflow, Seat } from './callflow.ts';
import { checkBlock } from './check-block.ts';
import { checkLoops } from './check-loop.ts';
import { checkNumbers } from './check-number.ts';
import { hasCostlyPatterns } from './check-pattern.ts';
import { clip } from './presence-id.ts';
import type { CallflowProblem } from './problem.ts';
import { blocksOf } from './walk.ts';

/** What a callflow is checked against. */
export interface CheckAround {
  /** The callflows of the realm; the one with the same id is passed over. */
  readonly others: readonly Callflow[];
  /** The seats of the realm; absent: the seat is not checked. */
  readonly seats?: readonly Seat[];
  readonly world: RunWorld;
}

/**
 * All that an administrator should know about a callflow, errors first. Without an error it can be saved, and a run
 * does what it seems to, but for the warnings. Never throws.
 */
export function checkCallflow(callflow: Callflow, around: CheckAround): readonly CallflowProblem[] {
  const others = around.others.filter((other) => other.id !== callflow.id);
  const costly = hasCostlyPatterns(callflow);
  // What would take long to be compiled is not: it cannot be saved anyway.
  const world = costly ? { ...around.world, compile: () => () => null } : around.world;
  const problems = [
    ...(costly ? [whole('error', 'costly-patterns', 'The patterns together take too long to be run')] : []),
    ...checkHead(callflow, around),
    ...checkNumbers(callflow, others, world.compile),
    ...checkFlow({ world, callflow, others }),
    ...checkLoops(callflow, others),
  ];
  return problems.sort((one, other) => rank(one) - rank(other));
}

/** True if nothing stands against saving. */
export function isSavable(problems: readonly CallflowProblem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error');
}

function rank({ severity }: CallflowProblem): number {
  return severity === 'error' ? 0 : 1;
}

function checkHead(callflow: Callflow, { seats, world }: CheckAround): readonly CallflowProblem[] {
  const { flow, name, schedule, seat } = callflow;
  const zones = schedule.map((entry) => entry.timeZone).filter((zone) => world.zoneTime(0, zone) === null);
  return [
    ...(name.trim() === '' ? [whole('warning', 'no-name', 'The callflow has no name')] : []),
    ...(flow === null ? [whole('warning', 'empty', 'Nothing is drawn yet')] : []),
    ...(seat === null || seats === undefined || seats.some(({ id }) => id === seat)
      ? []
      : [whole('warning', 'unknown-seat', 'The seat that the callflow is assigned to does not exist')]),
    ...zones.map((zone) => whole('error', 'bad-time-zone', `There is no time zone "${clip(zone)}"`)),
  ];
}

function checkFlow(around: BlockAround): readonly CallflowProblem[] {
  return blocksOf(around.callflow.flow).flatMap(({ node, path }) =>
    checkBlock(node, around).map((problem) => ({ ...problem, path })),
  );
}

function whole(severity: CallflowProblem['severity'], code: string, message: string): CallflowProblem {
  return { severity, code, message, path: null };
}
