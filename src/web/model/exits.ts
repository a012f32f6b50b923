import type { FlowNode } from '../../callflow/callflow.ts';
import { exitsOf } from '../../callflow/catalog.ts';
import type { DrawnExit } from './layout.ts';

/** The exit of a place where an exit is still to be named. No document holds it: it is never stored. */
export const NEW_EXIT = '\u0000new';

/** The exits of a block that can be drawn: those of its action, those that the document has besides, a new one. */
export function drawnExits(node: FlowNode): readonly DrawnExit[] {
  const { named, further } = exitsOf(node);
  const names = new Set(named.map(({ name }) => name));
  const besides = Object.keys(node.children).filter((name) => !names.has(name));
  const isAlone = named.length === 1 && besides.length === 0 && further === null;
  return [
    ...named.map(({ name, label }) => ({ name, label: isAlone && name === '_' ? null : label })),
    ...besides.map((name) => ({ name, label: name === '_' ? 'Otherwise' : name })),
    ...(further === null ? [] : [{ name: NEW_EXIT, label: `+ ${further}` }]),
  ];
}

/** The names of the exits that a block has now. */
export function exitNames(node: FlowNode): readonly string[] {
  return drawnExits(node)
    .map(({ name }) => name)
    .filter((name) => name !== NEW_EXIT);
}

/** True when a block can stand below an exit of that name. */
export function takesExit(node: FlowNode, exit: string): boolean {
  return exitNames(node).includes(exit) || exitsOf(node).further !== null;
}

/** What a new exit of the block is named after; null when it takes none. */
export function furtherExit(node: FlowNode): string | null {
  return exitsOf(node).further;
}
