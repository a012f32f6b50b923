import type { Constants } from './constants.ts';
import type { Plan } from './plan.ts';

/** Seconds that are looked at: three times the longest subscription. */
const HORIZON = 3;
/** Times the capacity at which a node has far too much to do. */
const FULL = 4;

/** How a site comes back. */
export interface Storm {
  /** SUBSCRIBEs a second that the site can take, and what sets the bound. */
  readonly capacity: number;
  readonly bound: 'nodes' | 'Redis';
  /** Seconds until half of the phones are in, and until all are. */
  readonly half: number;
  readonly all: number;
  readonly accepted: number;
  /** 503s that were sent. */
  readonly refused: number;
  /** The most SUBSCRIBEs that came in one second. */
  readonly peak: number;
  /** The most refreshes in one second of the time after, over their average. */
  readonly echo: number;
}

/** What each second brings: phones that try, by the second in which they do. */
type Seconds = Float64Array;

/** All phones of a site have power again at once: each tries, and comes back after the Retry-After of a 503. */
export function storm(plan: Plan, constants: Constants): Storm {
  const { subscribe, limit } = capacities(plan, constants);
  const trying: Seconds = new Float64Array(HORIZON * plan.expiresSeconds);
  spread(trying, plan.subscriptions, { from: 0, over: plan.bootSeconds });
  const takenAt: Seconds = new Float64Array(trying.length);
  let [accepted, refused, peak, half, all] = [0, 0, 0, Number.NaN, Number.NaN];
  for (const [second, arriving] of trying.entries()) {
    if (arriving === 0) continue;
    const taken = Math.min(arriving, takeable(arriving, { subscribe, limit, plan }));
    const turnedAway = arriving - taken;
    takenAt[second] = taken;
    accepted += taken;
    refused += turnedAway;
    peak = Math.max(peak, arriving);
    const { least, spread: over } =
      arriving >= FULL * Math.min(subscribe, limit) ? plan.retryAfter.full : plan.retryAfter.busy;
    if (turnedAway > 0) spread(trying, turnedAway, { from: second + least, over });
    if (Number.isNaN(half) && accepted >= plan.subscriptions / 2) half = second + 1;
    all = second + 1;
  }
  const echo = echoOf(takenAt, plan);
  const bound = limit < subscribe ? 'Redis' : 'nodes';
  return { capacity: Math.min(subscribe, limit), bound, half, all, accepted, refused, peak, echo };
}

interface Capacities {
  /** SUBSCRIBEs a second that the CPU of the nodes does if it does nothing else. */
  readonly subscribe: number;
  /** SUBSCRIBEs a second that Redis does. */
  readonly limit: number;
}

function capacities(plan: Plan, { node, redis }: Constants): Capacities {
  return {
    subscribe: (plan.nodes * plan.fullAt * 1e6) / node.subscribeUs,
    limit: (plan.shards * plan.fullAt * 1e6) / redis.subscribe.us,
  };
}

/** Accepted ones of so many: turning the others away costs CPU, too. */
function takeable(
  arriving: number,
  { subscribe, limit, plan }: Capacities & { readonly plan: Plan },
): number {
  const byNodes = (subscribe - plan.refusalPart * arriving) / (1 - plan.refusalPart);
  return Math.min(Math.max(byNodes, plan.keptPart * subscribe), limit);
}

/** Spreads a number evenly over seconds; what lies beyond the end counts for the last of them. */
function spread(
  seconds: Seconds,
  count: number,
  { from, over }: { readonly from: number; readonly over: number },
): void {
  const last = seconds.length - 1;
  for (let second = from; second < from + over; second += 1) {
    const at = Math.min(second, last);
    seconds[at] = (seconds[at] ?? 0) + count / over;
  }
}

/** The first refreshes after a storm: each at its part of a duration that was granted with jitter. */
function echoOf(takenAt: Seconds, { subscriptions, expiresSeconds, jitterPercent, refreshAt }: Plan): number {
  const refreshes: Seconds = new Float64Array(2 * takenAt.length);
  const shortest = Math.floor(expiresSeconds * (1 - jitterPercent / 100) * refreshAt);
  const over = Math.max(1, Math.round(expiresSeconds * (jitterPercent / 100) * refreshAt));
  for (const [second, count] of takenAt.entries())
    if (count > 0) spread(refreshes, count, { from: second + shortest, over });
  const average = subscriptions / (shortest + over / 2);
  return Math.max(...refreshes) / average;
}
