import type { CallflowProblem } from '../../callflow/problem.ts';
import { isError } from '../model/problems.ts';
import { Icon } from '../ui/icon.tsx';

/** The sign on a block that has problems; its words are in the list beside the diagram too. */
export function ProblemBadge({ problems }: { readonly problems: readonly CallflowProblem[] }) {
  if (problems.length === 0) return null;
  const text = problems.map(({ message }) => message).join('\n');
  const kind = problems.some(isError) ? 'error' : 'warning';
  return (
    <span className={`badge badge-${kind}`} role="img" aria-label={`${kind}: ${text}`} title={text}>
      <Icon name="alert" size={13} />
      {problems.length > 1 && problems.length}
    </span>
  );
}
