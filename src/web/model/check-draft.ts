import type { Callflow, Seat } from '../../callflow/callflow.ts';
import { checkCallflow } from '../../callflow/check.ts';
import type { CallflowProblem } from '../../callflow/problem.ts';
import type { ZoneClock } from '../../callflow/zone.ts';
import type { CallflowSummary } from './clash.ts';
import { EMPTY_DRAFT } from './draft.ts';

/** What this page knows of the rest of the realm. */
export interface Known {
  readonly list: readonly CallflowSummary[];
  readonly seats: readonly Omit<Seat, 'realm'>[];
  readonly zoneTime: ZoneClock;
}

/**
 * What can be said about a callflow at once, without asking the server. Loops over other callflows, patterns and
 * realms that are granted are left to the server, which knows them.
 */
export function checkDraft(callflow: Callflow, { list, seats, zoneTime }: Known): readonly CallflowProblem[] {
  const ours = seats.map((seat) => ({ ...seat, realm: callflow.realm }));
  const others = list.map(({ id, name, numbers, patterns, seat, rev }) => {
    return { ...EMPTY_DRAFT, id, name, numbers, patterns, seat, rev, realm: callflow.realm };
  });
  // A browser has no RE2: no pattern is called wrong here.
  const world = { zoneTime, compile: () => () => null, grantedRealms: ['*'] };
  return checkCallflow(callflow, { others, seats: ours, world });
}
