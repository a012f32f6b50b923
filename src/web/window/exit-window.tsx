import { useState } from 'react';
import { useDesk } from '../editor/desk.ts';
import { furtherExit } from '../model/exits.ts';
import { type Payload, type Target, withExitName } from '../model/placing.ts';
import { nodeAt } from '../model/tree.ts';
import { Labelled } from '../ui/labelled.tsx';
import { Window } from '../ui/window.tsx';

interface ExitWindowProps {
  readonly payload: Payload;
  readonly target: Target;
  readonly onClose: () => void;
}

/** Names a new exit of a block, then goes on putting there what was meant for it. */
export function ExitWindow({ payload, target, onClose }: ExitWindowProps) {
  const desk = useDesk();
  const [name, setName] = useState('');
  const [isTried, setTried] = useState(false);
  const parent = nodeAt(desk.draft.flow, target.path.slice(0, -1));
  const what = parent === null ? null : furtherExit(parent);
  const isTaken = parent !== null && Object.hasOwn(parent.children, name.trim());
  const fault = name.trim() === '' ? 'A name is needed' : isTaken ? 'There is such an exit already' : null;
  const submit = () => {
    setTried(true);
    if (fault !== null) return;
    onClose();
    desk.put(payload, withExitName(target, name.trim()));
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="button primary">
        Go on
      </button>
    </>
  );
  return (
    <Window title="New exit" onClose={onClose} onSubmit={submit} footer={footer}>
      <Labelled
        label={`Exit: ${what ?? 'name'}`}
        help="The flow goes on here when it is exactly this."
        fault={isTried ? fault : null}
      >
        {(bound) => (
          <input {...bound} value={name} maxLength={128} onChange={(event) => setName(event.target.value)} />
        )}
      </Labelled>
    </Window>
  );
}
