import type { Block } from './action.ts';

/** Variables that every run has: what is known of the call. */
export const CALL_VARIABLES = ['number', 'caller', 'capture', 'realm', 'trigger'] as const;

/** The value of a variable of the run: one that was set, or else one that every run has; null: there is none. */
export function variableOf(block: Block, name: string): string | null {
  if (Object.hasOwn(block.variables, name)) return block.variables[name] ?? null;
  const known = CALL_VARIABLES.find((variable) => variable === name);
  return known === undefined ? null : block[known];
}
