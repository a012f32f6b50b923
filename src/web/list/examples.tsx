import { useEffect, useState } from 'react';
import type { Draft } from '../model/draft.ts';
import { useSession } from '../state/session.tsx';
import { Icon } from '../ui/icon.tsx';
import { useListActions } from './use-list-actions.ts';

/** Callflows to begin with, offered to a realm that has none. */
export function Examples() {
  const { api } = useSession();
  const { add } = useListActions();
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  useEffect(() => {
    let isOver = false;
    void api.examples().then((answer) => {
      if (!isOver && answer.kind === 'ok') setDrafts(answer.value);
    });
    return () => {
      isOver = true;
    };
  }, [api]);
  if (drafts.length === 0) return null;
  return (
    <section className="examples" aria-label="Examples">
      <p className="muted">Or begin with an example:</p>
      <ul>
        {drafts.map((draft) => (
          <li key={draft.name}>
            <button type="button" className="example" onClick={() => void add(draft)}>
              <Icon name="copy" size={16} />
              <span>
                <strong>{draft.name}</strong>
                <small>{[...draft.numbers, ...draft.patterns].join(', ') || 'Runs by itself'}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
