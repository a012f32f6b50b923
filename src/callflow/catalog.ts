import { branchVariable } from './action/branch-variable.ts';
import { jumpToCallflow } from './action/callflow.ts';
import { checkCid } from './action/check-cid.ts';
import { hangup } from './action/hangup.ts';
import { manualPresence } from './action/manual-presence.ts';
import { presenceBranch } from './action/presence-branch.ts';
import { redirect } from './action/redirect.ts';
import { response } from './action/response.ts';
import { setVariable } from './action/set-variable.ts';
import { sleep } from './action/sleep.ts';
import { temporalRoute } from './action/temporal-route.ts';
import { webhook } from './action/webhook.ts';
import { type Action, type ActionInfo, type Exits, oneExit } from './action.ts';
import type { FlowNode } from './callflow.ts';
import { isOn } from './data.ts';
import type { SwitchField } from './field.ts';

/** Kazoo: every block can be taken out of the flow without being removed. */
export const SKIP: SwitchField = {
  kind: 'switch',
  key: 'skip_module',
  label: 'Skip this block',
  help: 'The flow passes the block without doing anything.',
  initial: false,
  advanced: true,
};

const ACTIONS: readonly Action[] = [
  response,
  redirect,
  hangup,
  jumpToCallflow,
  temporalRoute,
  presenceBranch,
  checkCid,
  branchVariable,
  manualPresence,
  setVariable,
  sleep,
  webhook,
].map((action) => ({ ...action, fields: [...action.fields, SKIP] }));

const BY_MODULE: ReadonlyMap<string, Action> = new Map(ACTIONS.map((action) => [action.module, action]));

/** Every action that the engine can run, in the order of a palette. */
export const CATALOG: readonly ActionInfo[] = ACTIONS;

/** The action of a block; null: the engine cannot run that module. */
export function actionOf(module: string): Action | null {
  return BY_MODULE.get(module) ?? null;
}

/** The ways out of a block as it is filled in. A block that the engine cannot run may have any, and `_` is taken. */
export function exitsOf(node: Pick<FlowNode, 'module' | 'data'>): Exits {
  if (isOn(node.data, SKIP.key)) return oneExit();
  const action = actionOf(node.module);
  return action === null ? { named: oneExit().named, further: 'exit' } : action.exits(node.data);
}
