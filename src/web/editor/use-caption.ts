import type { FlowNode } from '../../callflow/callflow.ts';
import { actionOf } from '../../callflow/catalog.ts';
import { textOf } from '../../callflow/data.ts';
import { useRealm } from '../state/realm.tsx';

/** The line that stands for a block; a callflow is named, not numbered. */
export function useCaption(node: FlowNode): string {
  const { callflows } = useRealm();
  const caption = actionOf(node.module)?.caption(node.data) ?? 'Not run by this engine';
  if (node.module !== 'callflow') return caption;
  const id = textOf(node.data, 'id');
  return callflows?.find((callflow) => callflow.id === id)?.name ?? caption;
}
