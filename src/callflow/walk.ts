import type { FlowNode } from './callflow.ts';

/** A block with where it is: the exits that lead to it from the first block. */
export interface PlacedBlock {
  readonly node: FlowNode;
  readonly path: readonly string[];
}

/** Every block of a flow, each before those below it. No recursion: any depth is fine. */
export function blocksOf(flow: FlowNode | null): readonly PlacedBlock[] {
  const blocks: PlacedBlock[] = [];
  const open: PlacedBlock[] = flow === null ? [] : [{ node: flow, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    blocks.push(next);
    const { node, path } = next;
    const below = Object.entries(node.children).reverse();
    for (const [exit, child] of below) open.push({ node: child, path: [...path, exit] });
  }
  return blocks;
}
