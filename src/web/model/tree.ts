import type { FlowNode } from '../../callflow/callflow.ts';

/** Exits from the first block to a block; `[]` is the first block itself. */
export type Path = readonly string[];

/** A block and where it stands. */
export interface Placed {
  readonly path: Path;
  readonly node: FlowNode;
}

/** A path as a key of maps: exits may hold any character. */
export function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** True when the two name the same place. */
export function samePath(one: Path | null, other: Path | null): boolean {
  if (one === null || other === null) return one === other;
  return keyOf(one) === keyOf(other);
}

/** True when `path` is `above` or stands somewhere below it. */
export function isWithin(path: Path, above: Path): boolean {
  return above.every((exit, index) => path[index] === exit);
}

/** The block below an exit; null when there is none. */
export function childOf(node: FlowNode, exit: string): FlowNode | null {
  // `children` may come from JSON: a name such as `constructor` must not find what objects inherit.
  return Object.hasOwn(node.children, exit) ? (node.children[exit] ?? null) : null;
}

/** The block at a path; null when nothing stands there. */
export function nodeAt(flow: FlowNode | null, path: Path): FlowNode | null {
  let node = flow;
  for (const exit of path) node = node === null ? null : childOf(node, exit);
  return node;
}

/** The flow with `node` and all below it at `path`, or with nothing there when it is null. */
export function putAt(flow: FlowNode | null, path: Path, node: FlowNode | null): FlowNode | null {
  const [exit, ...rest] = path;
  if (exit === undefined) return node;
  if (flow === null) return null;
  return withChild(flow, exit, putAt(childOf(flow, exit), rest, node));
}

/** The block with another child below an exit, or with none when `child` is null. */
export function withChild(node: FlowNode, exit: string, child: FlowNode | null): FlowNode {
  const others = Object.entries(node.children).filter(([name]) => name !== exit);
  // fromEntries defines own properties: an exit called `__proto__` stays an exit.
  return { ...node, children: Object.fromEntries(child === null ? others : [...others, [exit, child]]) };
}

/** Every block of a flow, the upper ones first. */
export function blocksOf(flow: FlowNode | null): readonly Placed[] {
  const found: Placed[] = flow === null ? [] : [{ path: [], node: flow }];
  for (const { path, node } of found) {
    for (const [exit, child] of Object.entries(node.children))
      found.push({ path: [...path, exit], node: child });
  }
  return found;
}
