import { actionOf } from '../../callflow/catalog.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const ICONS: Readonly<Record<string, IconName>> = {
  branch_variable: 'variable',
  callflow: 'flow',
  check_cid: 'person',
  hangup: 'hangup',
  manual_presence: 'lamp',
  presence_branch: 'eye',
  redirect: 'arrow',
  response: 'reply',
  set_variable: 'code',
  sleep: 'clock',
  temporal_route: 'branch',
  webhook: 'globe',
};

/** The tile of an action, in the colour of its group. */
export function ModuleIcon({ module }: { readonly module: string }) {
  const group = actionOf(module)?.group ?? 'unknown';
  return (
    <span className={`tile tile-${group.toLowerCase()}`}>
      <Icon name={ICONS[module] ?? 'alert'} />
    </span>
  );
}
