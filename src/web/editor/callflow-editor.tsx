import { useEffect, useState } from 'react';
import type { Callflow } from '../../callflow/callflow.ts';
import { failureText } from '../api.ts';
import { useRealm } from '../state/realm.tsx';
import { useRouter } from '../state/router.tsx';
import { useSession } from '../state/session.tsx';
import { CallflowDesk } from './callflow-desk.tsx';

/** Reads a callflow and puts it on the desk. */
export function CallflowEditor({ id }: { readonly id: string }) {
  const { api } = useSession();
  const { realm } = useRealm();
  const { go } = useRouter();
  const [read, setRead] = useState<Callflow | string | null>(null);
  useEffect(() => {
    let isOver = false;
    void api.callflow(realm, id).then((answer) => {
      if (!isOver) setRead(answer.kind === 'ok' ? answer.value.callflow : failureText(answer));
    });
    return () => {
      isOver = true;
    };
  }, [api, realm, id]);
  if (read === null) return <div className="empty" aria-busy="true" />;
  if (typeof read === 'string') {
    return (
      <div className="empty" role="alert">
        <h2>This callflow cannot be opened</h2>
        <p className="muted">{read}</p>
        <button
          type="button"
          className="button"
          onClick={() => void go({ view: 'callflows', realm, id: null })}
        >
          Back to the list
        </button>
      </div>
    );
  }
  return <CallflowDesk callflow={read} />;
}
