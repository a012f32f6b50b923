import type { FlowNode } from '../../../src/callflow/callflow.ts';

/** A block with what follows it. */
export function block(
  module: string,
  children: Record<string, FlowNode> = {},
  data: FlowNode['data'] = {},
): FlowNode {
  return { module, data, children };
}

/** A lamp block. */
export function lamp(id: string, children: Record<string, FlowNode> = {}): FlowNode {
  return block('manual_presence', children, { presence_id: id, status: 'busy' });
}

/** The IDs of the lamp blocks of a flow by the way to them: `_/open`. */
export function drawing(flow: FlowNode | null, at = ''): Record<string, unknown> {
  if (flow === null) return {};
  const below = Object.entries(flow.children).map(([exit, child]) => drawing(child, `${at}/${exit}`));
  return Object.assign({ [at || '/']: flow.data['presence_id'] ?? flow.module }, ...below);
}
