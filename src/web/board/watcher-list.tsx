import { useEffect, useState } from 'react';
import { failureText, type Watcher } from '../api.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { Icon } from '../ui/icon.tsx';

const EVERY_MS = 3000;

/** The phones that watch an ID, and whether they have confirmed what it shows. */
export function WatcherList({ id, rev }: { readonly id: string; readonly rev: number }) {
  const { api } = useSession();
  const { realm } = useRealm();
  const [read, setRead] = useState<readonly Watcher[] | string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the lamp is confirmed soon after
  useEffect(() => {
    let isOver = false;
    const ask = async () => {
      const answer = await api.watchers(realm, id);
      if (!isOver) setRead(answer.kind === 'ok' ? answer.value.items : failureText(answer));
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [api, realm, id, rev]);
  if (read === null) return <p className="muted">Reading…</p>;
  if (typeof read === 'string') return <p className="fault-text">{read}</p>;
  if (read.length === 0) return <p className="muted">Nobody watches it</p>;
  return (
    <ul className="watchers" aria-label={`Watchers of ${id}`}>
      {read.map((watcher) => (
        <li key={watcher.id}>
          <Icon name={watcher.confirmedRev === rev ? 'check' : 'clock'} size={14} />
          <span>
            {watcher.watcher.replace(/^<|>$/g, '')}
            <small>
              {watcher.userAgent || 'No User-Agent'} · {watcher.transport} {watcher.address}
              {watcher.confirmedRev === rev ? ' · confirmed' : ' · not confirmed yet'}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}
