import type { Callflow } from '../callflow/callflow.ts';
import { startRun } from '../callflow/engine.ts';
import { dueOccurrences } from '../callflow/schedule.ts';
import { drive } from './drive.ts';
import type { NotifierState } from './state.ts';

/** How long an occurrence stays claimed, in ms: longer than any node looks back. */
const CLAIM_MS = 9 * 86_400_000;

/**
 * Runs the callflows whose time has come, each occurrence once on all nodes together. After a time when no node was
 * there each callflow runs once, for its last occurrence, in the order of these: what is due now is what shows.
 */
export async function runSchedules(state: NotifierState): Promise<void> {
  for (const realm of await state.parts.store.callflows.realms()) await runRealm(state, realm);
}

async function runRealm(state: NotifierState, realm: string): Promise<void> {
  const { callflows } = state.parts.store;
  const scheduled = (await state.library.all(realm)).filter((one) => one.schedule.length > 0);
  if (scheduled.length === 0) return;
  const until = state.now();
  const after = await callflows.scheduledUntil(realm);
  const due = scheduled.flatMap((callflow) => lastDue(state, callflow, { after: after ?? until, until }));
  for (const { callflow, at } of due.sort((one, other) => one.at - other.at)) {
    if (await callflows.claim(`${realm} ${callflow.id} ${at}`, CLAIM_MS)) await runOne(state, callflow);
  }
  await callflows.setScheduledUntil(realm, until);
}

function lastDue(
  state: NotifierState,
  callflow: Callflow,
  window: { readonly after: number; readonly until: number },
): readonly { readonly callflow: Callflow; readonly at: number }[] {
  const { zoneTime } = state.parts.world(callflow.realm);
  const at = dueOccurrences(callflow.schedule, window, zoneTime).at(-1);
  return at === undefined ? [] : [{ callflow, at }];
}

async function runOne(state: NotifierState, callflow: Callflow): Promise<void> {
  const { newId, world } = state.parts;
  const run = startRun(callflow, {
    id: newId(),
    trigger: 'schedule',
    number: '',
    caller: '',
    capture: null,
    variables: {},
    now: state.now(),
    world: world(callflow.realm),
  });
  await drive(state, run, null).result;
}
