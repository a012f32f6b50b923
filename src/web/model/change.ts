import type { FlowNode } from '../../callflow/callflow.ts';
import { exitNames, takesExit } from './exits.ts';
import { blocksOf, childOf, isWithin, nodeAt, type Path, putAt, withChild } from './tree.ts';

/** The exit that a flow goes on by when a block has no other. */
const ON = '_';

/** A changed flow, and how many blocks are no longer in it. */
export interface Change {
  readonly flow: FlowNode | null;
  readonly lost: number;
}

/**
 * The flow with `node` at `path`. What stands there already goes on below the last block of `node`; null when
 * that one has no free exit, or when nothing leads to the place.
 */
export function insertAt(flow: FlowNode | null, path: Path, node: FlowNode): FlowNode | null {
  if (!isPlace(flow, path)) return null;
  const below = nodeAt(flow, path);
  const grown = below === null ? node : appendTo(node, below);
  return grown === null ? null : putAt(flow, path, grown);
}

/** True when a block may stand at `path`: at the top, or below an exit of a block. */
function isPlace(flow: FlowNode | null, path: Path): boolean {
  if (path.length === 0) return true;
  const parent = nodeAt(flow, path.slice(0, -1));
  return parent !== null && takesExit(parent, path.at(-1) ?? '');
}

function appendTo(node: FlowNode, below: FlowNode): FlowNode | null {
  const exits = exitNames(node);
  const next = childOf(node, ON);
  if (next === null) {
    const free = exits.includes(ON) ? ON : exits.find((exit) => childOf(node, exit) === null);
    return free === undefined ? null : withChild(node, free, below);
  }
  const grown = appendTo(next, below);
  return grown === null ? null : withChild(node, ON, grown);
}

/** The flow with the block at `from`, and all below it, at `to` instead; null when it cannot stand there. */
export function moveTo(flow: FlowNode | null, from: Path, to: Path): FlowNode | null {
  const node = nodeAt(flow, from);
  // Below itself there is nowhere to stand, and where it stands it stands already.
  if (node === null || isWithin(to, from)) return null;
  return insertAt(putAt(flow, from, null), to, node);
}

/** The flow without the block at `path`; its `_` exit, or its only one, closes the gap. */
export function removeBlock(flow: FlowNode | null, path: Path): Change {
  const node = nodeAt(flow, path);
  if (node === null) return { flow, lost: 0 };
  const heir = childOf(node, ON) ?? soleChild(node);
  return { flow: putAt(flow, path, heir), lost: countOf(node) - countOf(heir) };
}

/** The flow without the block at `path` and all below it. */
export function removeBranch(flow: FlowNode | null, path: Path): Change {
  return { flow: putAt(flow, path, null), lost: countOf(nodeAt(flow, path)) };
}

/**
 * The flow with `node` instead of the block at `path`. What stood below exits that the new block has too stays
 * there; a single branch goes below the first exit; the rest is lost.
 */
export function replaceAt(flow: FlowNode | null, path: Path, node: FlowNode): Change {
  const old = nodeAt(flow, path);
  if (old === null) return { flow, lost: 0 };
  const heir = adopt(node, old);
  return { flow: putAt(flow, path, heir), lost: Math.max(0, countOf(old) - countOf(heir)) };
}

function adopt(node: FlowNode, old: FlowNode): FlowNode {
  const exits = exitNames(node);
  const kept = Object.entries(old.children).filter(([exit]) => takesExit(node, exit));
  const only = soleChild(old);
  const first = exits.includes(ON) ? ON : exits[0];
  if (kept.length === 0 && only !== null && first !== undefined) kept.push([first, only]);
  return { ...node, children: Object.fromEntries(kept) };
}

/** The flow with other data in the block at `path`; its children stay, below exits or not. */
export function fillAt(flow: FlowNode | null, path: Path, data: FlowNode['data']): FlowNode | null {
  const node = nodeAt(flow, path);
  return node === null ? flow : putAt(flow, path, { ...node, data });
}

function soleChild(node: FlowNode): FlowNode | null {
  const children = Object.values(node.children);
  return children.length === 1 ? (children[0] ?? null) : null;
}

function countOf(node: FlowNode | null): number {
  return blocksOf(node).length;
}
