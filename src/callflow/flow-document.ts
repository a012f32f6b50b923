import type { FlowNode, Json } from './callflow.ts';
import { isObject } from './data.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import type { CallflowProblem } from './problem.ts';

/** A block of the document that is still to be read, and where it goes. */
interface OpenBlock {
  readonly json: Json;
  readonly path: readonly string[];
  /** What it is hung into, under the last exit of the path. */
  readonly into: Record<string, FlowNode>;
}

const ROOT = 'flow';
const OWN_KEYS: readonly string[] = ['module', 'data', 'children'];

/**
 * The tree of blocks of a document that `judgeJson` has taken; null for an empty one. Problems name the place. No
 * recursion; stops at the limit of blocks.
 */
export function parseFlow(json: Json): {
  readonly flow: FlowNode | null;
  readonly problems: readonly CallflowProblem[];
} {
  const top: Record<string, FlowNode> = {};
  const problems: CallflowProblem[] = [];
  const open: OpenBlock[] = isAbsent(json) ? [] : [{ json, path: [], into: top }];
  let blocks = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    blocks += 1;
    if (blocks > DOCUMENT_LIMITS.blocks) return { flow: null, problems: [...problems, TOO_MANY] };
    const read = readBlock(next);
    if ('code' in read) problems.push(read);
    else for (const block of read) open.push(block);
  }
  return { flow: top[ROOT] ?? null, problems };
}

const TOO_MANY: CallflowProblem = {
  severity: 'error',
  code: 'too-many-blocks',
  message: `The flow has more than ${DOCUMENT_LIMITS.blocks} blocks`,
  path: null,
};

/** Hangs one block in; gives the blocks below it, or the problem that it has. */
function readBlock({ json, path, into }: OpenBlock): readonly OpenBlock[] | CallflowProblem {
  if (path.length >= DOCUMENT_LIMITS.depth) {
    return problem('too-deep', `More than ${DOCUMENT_LIMITS.depth} blocks follow each other`, path);
  }
  if (!isObject(json))
    return problem('bad-block', 'A block must be an object with module, data and children', path);
  const { module, data = {}, children: below = {} } = json;
  if (!isName(module) || module === '') {
    return problem('bad-block', 'A block must name its module in 1 to 128 characters', path);
  }
  if (!isObject(data)) return problem('bad-block', 'The data of a block must be an object', path);
  if (!isObject(below)) return problem('bad-block', 'The children of a block must be an object', path);
  if (!Object.keys(below).every(isName)) return problem('bad-block', 'The name of an exit is too long', path);
  const children: Record<string, FlowNode> = {};
  into[path.at(-1) ?? ROOT] = { module, data, children, ...restOf(json) };
  // The last one pushed is read first: turned round, so that problems come in the order of the document.
  return Object.entries(below)
    .filter(([, child]) => !isAbsent(child))
    .map(([exit, child]) => ({ json: child, path: [...path, exit], into: children }))
    .reverse();
}

/** Editors write an empty object, or null, where there is no block. */
function isAbsent(json: Json): boolean {
  return json === null || (isObject(json) && Object.keys(json).length === 0);
}

function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= DOCUMENT_LIMITS.key;
}

function restOf(json: Readonly<Record<string, Json>>): { readonly rest?: Readonly<Record<string, Json>> } {
  const rest = Object.entries(json).filter(([key]) => !OWN_KEYS.includes(key));
  return rest.length === 0 ? {} : { rest: Object.fromEntries(rest) };
}

function problem(code: string, message: string, path: readonly string[]): CallflowProblem {
  return { severity: 'error', code, message, path };
}

/** The document of a tree of blocks. At most as deep as `parseFlow` takes. */
export function formatFlow(node: FlowNode): Json {
  const children: Record<string, Json> = {};
  for (const [exit, child] of Object.entries(node.children)) children[exit] = formatFlow(child);
  return { ...node.rest, module: node.module, data: node.data, children };
}
