import type { Plan } from './plan.ts';

/** Seconds of one step. */
const STEP = 0.1;
/** It ends after a day, whatever happens. */
const STEPS = 864_000;

/** What becomes of a lost node's subscriptions. */
export interface NodeLoss {
  /** Taken over, and come back by their own SUBSCRIBE before that. */
  readonly taken: number;
  readonly returned: number;
  /** Seconds from the loss until half of them have a living node, and until all have. */
  readonly half: number;
  readonly all: number;
}

/**
 * Loses `lost` nodes at once, step by step. One survivor takes over each of them, because whoever claims a lost node claims
 * all of it; meanwhile phones come back by their refreshes, which any node answers.
 */
export function loseNodes(plan: Plan, lost: number, refreshSeconds: number): NodeLoss {
  const owned = (plan.subscriptions / plan.nodes) * lost;
  const reachable = owned * plan.reachable;
  const pace = plan.takeOverPerSecond * Math.min(lost, plan.nodes - lost) * STEP;
  let [left, taken, returned, half, step] = [owned, 0, 0, Number.NaN, 0];
  for (; step < STEPS && left > 0; step += 1) {
    // Refreshes are spread evenly: what has not refreshed yet does so until the longest time has passed.
    const back = Math.min(left, (left * STEP) / Math.max(refreshSeconds - step * STEP, STEP));
    left -= back;
    returned += back;
    const may =
      step * STEP < plan.lostAfterSeconds ? 0 : Math.min(pace, left, Math.max(0, reachable - taken));
    left = may === left ? 0 : left - may;
    taken += may;
    if (Number.isNaN(half) && left <= owned / 2) half = step * STEP;
  }
  return { taken, returned, half, all: step * STEP };
}
