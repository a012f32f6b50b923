import type { RunWorld } from '../callflow/action.ts';
import type { Callflow, Json } from '../callflow/callflow.ts';
import { actionOf } from '../callflow/catalog.ts';
import { parseCallflow } from '../callflow/document.ts';
import { type RunInput, startRun } from '../callflow/engine.ts';
import { matchNumber } from '../callflow/match.ts';
import type { CallflowService, RunRequest, RunResult } from './callflow-service.ts';
import { drive } from './drive.ts';
import type { NotifierState } from './state.ts';

/** The callflow side of the application as the HTTP side sees it. */
export function createCallflowService(state: NotifierState): CallflowService {
  const { callflows } = state.parts.store;
  const { library } = state;
  return {
    list: (realm) => library.list(realm),
    get: (realm, id) => library.get(realm, id),
    create: (realm, document) => library.create(realm, document),
    save: (realm, id, document) => library.save(realm, id, document),
    remove: (realm, id, rev) => callflows.remove(realm, id, rev),
    check: (realm, document) => library.check(realm, document),
    run: (realm, id, request) => runById(state, { realm, id }, request),
    act: (realm, module, what) => act(state, { realm, module }, what),
    runs: (realm, id, limit) => callflows.runs(realm, id, limit),
    seats: (realm) => callflows.seats(realm),
    saveSeat: (seat) => callflows.saveSeat({ ...seat, rev: seat.rev + 1 }, seat.rev),
    removeSeat: (realm, id) => callflows.removeSeat(realm, id),
  };
}

async function runById(
  state: NotifierState,
  { realm, id }: { readonly realm: string; readonly id: string },
  request: RunRequest,
): Promise<RunResult | null> {
  const callflow = await state.parts.store.callflows.get(realm, id);
  if (callflow === null) return null;
  const { number = '', caller = '', variables = {} } = request;
  // A number given is matched as if it were dialled, so that patterns capture what they would on a call.
  const world = state.parts.world(realm);
  const match = number === '' ? null : matchNumber(number, [callflow], world.compile);
  const capture = match?.capture ?? null;
  const all = { ...match?.named, ...variables };
  const input = inputOf(state, { trigger: 'api', number, caller, capture, variables: all, world });
  return drive(state, startRun(callflow, input), null).result;
}

async function act(
  state: NotifierState,
  { realm, module }: { readonly realm: string; readonly module: string },
  what: { readonly data: Json; readonly grants: readonly string[] },
): Promise<RunResult | null> {
  if (actionOf(module) === null) return null;
  const callflow = blockAlone(realm, module, what.data);
  if (callflow === null) return null;
  const world: RunWorld = { ...state.parts.world(realm), grantedRealms: what.grants };
  const input = inputOf(state, {
    trigger: 'action',
    number: '',
    caller: '',
    capture: null,
    variables: {},
    world,
  });
  return drive(state, startRun(callflow, input), null).result;
}

function blockAlone(realm: string, module: string, data: Json): Callflow | null {
  const document = { name: module, flow: { module, data, children: {} } };
  const parsed = parseCallflow(document, { realm, id: `action-${module}`, rev: 0 });
  return parsed.kind === 'callflow' ? parsed.callflow : null;
}

function inputOf(state: NotifierState, facts: Omit<RunInput, 'id' | 'now'>): RunInput {
  return { ...facts, id: state.parts.newId(), now: state.now() };
}
