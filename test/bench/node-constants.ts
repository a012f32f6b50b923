import { changesWith, cpuOf, type Figures, median } from './figures.ts';
import type { NodeConstants } from './paper/constants.ts';

/** What a node uses for each operation, as it was measured; null if something was not. */
export function nodeConstants(ours: Figures, date: string): NodeConstants | null {
  const changeUs = median(cpuOf(ours, ours.api));
  const watchers = 100;
  const constants = {
    date,
    // A change and its NOTIFYs were measured together.
    notifyUs: median(cpuOf(ours, changesWith(ours, watchers)?.same)) - changeUs / watchers,
    subscribeUs: median(cpuOf(ours, ours.subscribe)),
    refreshUs: median(cpuOf(ours, ours.refresh)),
    changeUs,
    octetsPerSubscription: ours.many?.octets[ours.server] ?? Number.NaN,
  };
  const { notifyUs, subscribeUs, octetsPerSubscription } = constants;
  return Number.isNaN(notifyUs + subscribeUs + octetsPerSubscription) ? null : constants;
}
