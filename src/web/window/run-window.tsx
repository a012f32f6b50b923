import { useState } from 'react';
import { failureText } from '../api.ts';
import { useDesk } from '../editor/desk.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { Labelled } from '../ui/labelled.tsx';
import { Window } from '../ui/window.tsx';

interface RunWindowProps {
  readonly onClose: () => void;
  readonly saveFirst: () => Promise<boolean>;
}

/** Runs the stored flow as if it was called, and shows the path it took. */
export function RunWindow({ onClose, saveFirst }: RunWindowProps) {
  const desk = useDesk();
  const { api } = useSession();
  const { realm } = useRealm();
  const [number, setNumber] = useState(desk.draft.numbers[0] ?? '');
  const [caller, setCaller] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    setFault(null);
    if (desk.isChanged && !(await saveFirst())) return onClose();
    const answer = await api.run(realm, desk.editor.id, {
      ...(number.trim() !== '' && { number: number.trim() }),
      ...(caller.trim() !== '' && { caller: caller.trim() }),
    });
    setRunning(false);
    if (answer.kind !== 'ok') return setFault(failureText(answer));
    desk.showRun(answer.value);
    onClose();
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="button primary" disabled={isRunning}>
        {desk.isChanged ? 'Save and run' : 'Run now'}
      </button>
    </>
  );
  return (
    <Window title="Run callflow" onClose={onClose} onSubmit={() => void run()} footer={footer}>
      <p className="muted">
        The server runs the flow for real: lamps move and webhooks are sent. There is no call to answer.
      </p>
      {desk.isChanged && <p className="note">Your changes are saved first, so that the run takes them.</p>}
      <Labelled label="Dialled number" help="What patterns capture from.">
        {(bound) => <input {...bound} value={number} onChange={(event) => setNumber(event.target.value)} />}
      </Labelled>
      <Labelled label="Caller" help="Whom the flow takes to be calling.">
        {(bound) => (
          <input
            {...bound}
            value={caller}
            placeholder="1001"
            onChange={(event) => setCaller(event.target.value)}
          />
        )}
      </Labelled>
      {fault !== null && (
        <p className="fault-text" role="alert">
          {fault}
        </p>
      )}
    </Window>
  );
}
