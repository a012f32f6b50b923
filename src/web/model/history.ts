/** A value with the states before and after it: what undo and redo walk along. */
export interface History<Value> {
  readonly past: readonly Value[];
  readonly present: Value;
  readonly future: readonly Value[];
}

/** How many steps can be undone. */
const DEPTH = 200;

/** A history that begins with `value`. */
export function historyOf<Value>(value: Value): History<Value> {
  return { past: [], present: value, future: [] };
}

/** The history with `value` as the present; what was undone is forgotten. */
export function record<Value>(history: History<Value>, value: Value): History<Value> {
  if (Object.is(value, history.present)) return history;
  return { past: [...history.past, history.present].slice(-DEPTH), present: value, future: [] };
}

/** The history with `value` in the present's place: typing in one field is one step. */
export function amend<Value>(history: History<Value>, value: Value): History<Value> {
  return { ...history, present: value, future: [] };
}

/** One step back; the same history when there is none. */
export function undo<Value>({ past, present, future }: History<Value>): History<Value> {
  if (past.length === 0) return { past, present, future };
  return { past: past.slice(0, -1), present: past.at(-1) as Value, future: [present, ...future] };
}

/** One step forward again; the same history when nothing was undone. */
export function redo<Value>({ past, present, future }: History<Value>): History<Value> {
  if (future.length === 0) return { past, present, future };
  return { past: [...past, present], present: future[0] as Value, future: future.slice(1) };
}
