import type { FlowNode } from '../../callflow/callflow.ts';
import { actionOf } from '../../callflow/catalog.ts';
import { insertAt, moveTo } from './change.ts';
import { NEW_EXIT } from './exits.ts';
import { blocksOf, isWithin, nodeAt, type Path, samePath } from './tree.ts';

/** What is carried to a place: a new block of the catalogue, or a block with all below it. */
export type Payload =
  | { readonly kind: 'new'; readonly module: string }
  | { readonly kind: 'move'; readonly from: Path };

/** Where it can be put. `insert`: what stands there goes on below; `replace`: instead of what stands there. */
export interface Target {
  readonly kind: 'insert' | 'replace';
  readonly path: Path;
}

/** A block as it comes out of the catalogue. */
export function newBlock(module: string): FlowNode {
  return { module, data: actionOf(module)?.defaultData ?? {}, children: {} };
}

/** True when the payload may be put there: such places light up. */
export function canPut(flow: FlowNode | null, payload: Payload, { kind, path }: Target): boolean {
  if (kind === 'replace') return payload.kind === 'new' && nodeAt(flow, path) !== null;
  if (payload.kind === 'move') return moveTo(flow, payload.from, path) !== null;
  return insertAt(flow, path, newBlock(payload.module)) !== null;
}

/** True when the place waits for the name of a new exit. */
export function needsExitName({ path }: Target): boolean {
  return path.at(-1) === NEW_EXIT;
}

/** The target with the new exit named. */
export function withExitName(target: Target, name: string): Target {
  return { ...target, path: [...target.path.slice(0, -1), name] };
}

/** The first place in `exits` below a block that nothing stands at; else the one below its first exit. */
export function placeBelow(flow: FlowNode | null, path: Path, exits: readonly string[]): Path | null {
  const free = exits.find((exit) => nodeAt(flow, [...path, exit]) === null);
  const exit = free ?? exits[0];
  return exit === undefined ? null : [...path, exit];
}

/** The block that the arrow keys lead to from `path`; null at an end. */
export function neighbour(flow: FlowNode | null, path: Path, key: string): Path | null {
  const parent = path.slice(0, -1);
  const below = (above: Path) =>
    blocksOf(flow).filter((block) => block.path.length === above.length + 1 && isWithin(block.path, above));
  const siblings = path.length === 0 ? [] : below(parent);
  const index = siblings.findIndex((block) => samePath(block.path, path));
  switch (key) {
    case 'ArrowUp':
      return path.length === 0 ? null : parent;
    case 'ArrowDown':
      return below(path)[0]?.path ?? null;
    case 'ArrowLeft':
      return siblings[index - 1]?.path ?? null;
    case 'ArrowRight':
      return siblings[index + 1]?.path ?? null;
    default:
      return null;
  }
}
