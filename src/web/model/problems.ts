import type { CallflowProblem } from '../../callflow/problem.ts';
import { keyOf, type Path } from './tree.ts';

/** The problems of both lists, each once, errors first. */
export function mergeProblems(
  own: readonly CallflowProblem[],
  servers: readonly CallflowProblem[],
): readonly CallflowProblem[] {
  const once = new Map<string, CallflowProblem>();
  for (const problem of [...servers, ...own]) once.set(problemKey(problem), problem);
  const all = [...once.values()];
  return [...all.filter(isError), ...all.filter((problem) => !isError(problem))];
}

/** The problems by the block that they are about; those of the callflow as a whole under `main`. */
export function problemsByPlace(
  problems: readonly CallflowProblem[],
): ReadonlyMap<string, readonly CallflowProblem[]> {
  return Map.groupBy(problems, ({ path }) => placeKey(path));
}

/** The key of `problemsByPlace` for a block, or for the main block when the path is null. */
function placeKey(path: Path | null): string {
  return path === null ? 'main' : keyOf(path);
}

/** True for a problem that keeps the callflow from being saved. */
export function isError({ severity }: CallflowProblem): boolean {
  return severity === 'error';
}

/** A key that differs between two problems that are not the same. */
export function problemKey({ code, path, message }: CallflowProblem): string {
  return JSON.stringify([code, path, message]);
}
