import type { BlockAround, BlockProblem } from './action.ts';
import type { FlowNode } from './callflow.ts';
import { actionOf, exitsOf, SKIP } from './catalog.ts';
import { checkFields } from './check-field.ts';
import { isOn } from './data.ts';
import { clip } from './presence-id.ts';

/** What an administrator should know of one block. */
export function checkBlock(node: FlowNode, around: BlockAround): readonly BlockProblem[] {
  const action = actionOf(node.module);
  if (action === null) return [unknownModule(node.module)];
  const exits = [...unreachable(node), ...deadEnd(node)];
  // Kept for later: what it would do does not matter while it is passed.
  if (isOn(node.data, SKIP.key)) return exits;
  return [...checkFields(action.fields, node.data), ...(action.check?.(node.data, around) ?? []), ...exits];
}

function unknownModule(module: string): BlockProblem {
  const message = `This engine cannot run "${clip(module)}": the block is kept, and a run goes on below "_"`;
  return { severity: 'warning', code: 'unknown-module', message };
}

/** Blocks below an exit that the block does not have. */
function unreachable(node: FlowNode): readonly BlockProblem[] {
  const { named, further } = exitsOf(node);
  if (further !== null) return [];
  const lost = Object.keys(node.children).filter((name) => !named.some((exit) => exit.name === name));
  return lost.map((name) => {
    const message = `No run reaches what is below "${clip(name)}": the block has no such exit`;
    return { severity: 'warning', code: 'unreachable', message };
  });
}

/** Ways out of a branch on which nothing follows, and no `_` that would take them. */
function deadEnd(node: FlowNode): readonly BlockProblem[] {
  const { named, further } = exitsOf(node);
  const branches = further !== null || named.length > 1;
  if (!branches || Object.hasOwn(node.children, '_')) return [];
  const free = named.filter((exit) => !Object.hasOwn(node.children, exit.name));
  const open = free.filter((exit) => exit.spare !== true).map((exit) => exit.label);
  if (open.length === 0) return [];
  const message = `The flow ends here, without an answer, on: ${clip(open.join(', '))}`;
  return [{ severity: 'warning', code: 'dead-end', message }];
}
