import type { Callflow } from './callflow.ts';
import { exitsOf, SKIP } from './catalog.ts';
import { isOn, textOf } from './data.ts';
import type { CallflowProblem } from './problem.ts';
import { blocksOf, type PlacedBlock } from './walk.ts';

/** A block that goes on with another callflow. */
interface Jump {
  readonly to: string;
  readonly path: readonly string[];
  /** No branch lies before it: every run that enters the callflow takes it. */
  readonly always: boolean;
}

/**
 * Jumps that lead back to the callflow they are in. An error where no branch lies on the way round, because then every
 * run goes in circles until it is ended; a warning otherwise.
 */
export function checkLoops(callflow: Callflow, others: readonly Callflow[]): readonly CallflowProblem[] {
  const mine = jumpsOf(callflow);
  if (mine.length === 0) return [];
  const jumps = new Map(others.map((other) => [other.id, jumpsOf(other)]));
  jumps.set(callflow.id, mine);
  const back = leadingTo(callflow.id, jumps, () => true);
  const backAlways = leadingTo(callflow.id, jumps, (jump) => jump.always);
  return mine
    .filter((jump) => back.has(jump.to))
    .map((jump) => loopProblem(jump, jump.always && backAlways.has(jump.to)));
}

function loopProblem({ path }: Jump, endless: boolean): CallflowProblem {
  return endless
    ? {
        severity: 'error',
        code: 'loop',
        message: 'The jump leads back here every time: the flow never ends by itself',
        path,
      }
    : {
        severity: 'warning',
        code: 'loop',
        message: 'The jump can lead back here: a run is ended after 16 jumps',
        path,
      };
}

/** The callflows from which jumps that count lead to `target`, itself included. */
function leadingTo(
  target: string,
  jumps: ReadonlyMap<string, readonly Jump[]>,
  counts: (jump: Jump) => boolean,
): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const [from, list] of jumps) {
    for (const { to } of list.filter(counts)) sources.set(to, [...(sources.get(to) ?? []), from]);
  }
  const found = new Set([target]);
  // A set that grows while it is walked: each callflow is looked at once.
  for (const id of found) for (const from of sources.get(id) ?? []) found.add(from);
  return found;
}

function jumpsOf({ flow }: Callflow): readonly Jump[] {
  const blocks = blocksOf(flow);
  const branches = blocks.filter(({ node }) => isBranch(node)).map(({ path }) => path);
  return blocks.flatMap((block) => {
    const to = targetOf(block);
    const always = !branches.some((path) => isAbove(path, block.path));
    return to === null ? [] : [{ to, path: block.path, always }];
  });
}

function targetOf({ node }: PlacedBlock): string | null {
  return node.module === 'callflow' && !isOn(node.data, SKIP.key) ? textOf(node.data, 'id') : null;
}

function isBranch(node: PlacedBlock['node']): boolean {
  const { named, further } = exitsOf(node);
  // What is below a jump is reached only when the jump leads nowhere.
  return named.length !== 1 || further !== null || node.module === 'callflow';
}

function isAbove(path: readonly string[], below: readonly string[]): boolean {
  return path.length < below.length && path.every((exit, index) => exit === below[index]);
}
