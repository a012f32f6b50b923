import { useId, useState } from 'react';
import { isError } from '../model/problems.ts';
import { Icon } from '../ui/icon.tsx';
import { useDesk } from './desk.ts';
import { ProblemList } from './problem-list.tsx';
import { RunList } from './run-list.tsx';

type Tab = 'problems' | 'runs';

/** Beside the diagram: what is wrong with the callflow, and what its runs did. */
export function BottomPanel() {
  const { problems, shownRun } = useDesk();
  const [chosen, setChosen] = useState<Tab | 'closed' | null>(null);
  const id = useId();
  const tab = chosen ?? (shownRun !== null ? 'runs' : problems.length > 0 ? 'problems' : 'closed');
  const errors = problems.filter(isError).length;
  const toggle = (next: Tab) => setChosen(tab === next ? 'closed' : next);
  return (
    <section className={`bottom is-${tab}`} aria-label="Problems and runs">
      <div className="bottom-tabs">
        <button
          type="button"
          aria-expanded={tab === 'problems'}
          aria-controls={id}
          onClick={() => toggle('problems')}
          className={tab === 'problems' ? 'bottom-tab is-open' : 'bottom-tab'}
        >
          Problems
          <span className={countClass(problems.length, errors)}>{problems.length}</span>
        </button>
        <button
          type="button"
          aria-expanded={tab === 'runs'}
          aria-controls={id}
          onClick={() => toggle('runs')}
          className={tab === 'runs' ? 'bottom-tab is-open' : 'bottom-tab'}
        >
          Runs
        </button>
        <span className="spring" />
        {tab !== 'closed' && (
          <button
            type="button"
            className="icon-button"
            aria-label="Close panel"
            onClick={() => setChosen('closed')}
          >
            <Icon name="down" size={16} />
          </button>
        )}
      </div>
      <div className="bottom-body" id={id} hidden={tab === 'closed'}>
        {tab === 'problems' && <ProblemList />}
        {tab === 'runs' && <RunList />}
      </div>
    </section>
  );
}

function countClass(all: number, errors: number): string {
  if (errors > 0) return 'count count-error';
  return all > 0 ? 'count count-warning' : 'count';
}
