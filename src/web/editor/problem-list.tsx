import { actionOf } from '../../callflow/catalog.ts';
import type { CallflowProblem } from '../../callflow/problem.ts';
import { isError, problemKey } from '../model/problems.ts';
import { nodeAt } from '../model/tree.ts';
import { Icon } from '../ui/icon.tsx';
import { type Desk, useDesk } from './desk.ts';
import { focusBlock, focusMain } from './focus.ts';

/** Every problem; choosing one leads to its block. */
export function ProblemList() {
  const desk = useDesk();
  if (desk.problems.length === 0) return <p className="muted pad">No problems</p>;
  return (
    <ul className="rows" aria-label="Problems">
      {desk.problems.map((problem) => (
        <li key={problemKey(problem)}>
          <button type="button" className={`row row-${problem.severity}`} onClick={() => show(desk, problem)}>
            <Icon name="alert" size={16} />
            <span className="sr-only">{isError(problem) ? 'Error' : 'Warning'}: </span>
            <span className="row-text">{problem.message}</span>
            <span className="row-place">{placeName(desk, problem)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function show(desk: Desk, { path }: CallflowProblem): void {
  if (path === null) {
    desk.select({ kind: 'main' });
    focusMain();
    return;
  }
  desk.select({ kind: 'block', path });
  focusBlock(path);
}

function placeName({ draft }: Desk, { path }: CallflowProblem): string {
  const node = path === null ? null : nodeAt(draft.flow, path);
  return node === null ? 'Callflow' : (actionOf(node.module)?.title ?? node.module);
}
