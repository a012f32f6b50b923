/** Why a value is not taken as a document. */
export type JsonFault = 'not-json' | 'forbidden-key' | 'too-deep' | 'too-large';

/**
 * Null for JSON within its bounds. Walks without recursion, so that no depth of nesting can exhaust the stack, and
 * stops at the first fault, so that no size can exhaust anything else.
 */
export function judgeJson(
  value: unknown,
  limits: { readonly nesting: number; readonly size: number },
): JsonFault | null {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let size = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = entriesOf(next.value);
    if (entries === null) return 'not-json';
    if (Object.hasOwn(entries, '__proto__')) return 'forbidden-key';
    if (next.depth > limits.nesting) return 'too-deep';
    size += 1 + (typeof next.value === 'string' ? next.value.length : 0);
    for (const key of Object.keys(entries)) {
      size += key.length + 1;
      if (size > limits.size) return 'too-large';
      open.push({ value: entries[key], depth: next.depth + 1 });
    }
    if (size > limits.size) return 'too-large';
  }
  return null;
}

const LEAF: Readonly<Record<string, unknown>> = {};

/** What a JSON value holds: nothing for a leaf; null when it is no JSON value. */
function entriesOf(value: unknown): Readonly<Record<string, unknown>> | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return LEAF;
    case 'number':
      return Number.isFinite(value) ? LEAF : null;
    case 'object':
      // JSON knows lists and objects only: both can be read as a record of their entries.
      return value === null ? LEAF : (value as Readonly<Record<string, unknown>>);
    default:
      return null;
  }
}
