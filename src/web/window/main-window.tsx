import { useState } from 'react';
import { useDesk } from '../editor/desk.ts';
import { clashOf, numberFault } from '../model/clash.ts';
import type { Draft } from '../model/draft.ts';
import { useRealm } from '../state/realm.tsx';
import { Icon } from '../ui/icon.tsx';
import { Labelled } from '../ui/labelled.tsx';
import { Window } from '../ui/window.tsx';
import { EntryList } from './entry-list.tsx';
import { ScheduleInput } from './schedule-input.tsx';
import { SeatInput } from './seat-input.tsx';

/** The window of the main block: name, extensions and numbers, assigned seat. */
export function MainWindow({ onClose }: { readonly onClose: () => void }) {
  const desk = useDesk();
  const [draft, setDraft] = useState<Draft>(desk.draft);
  // What is typed but not added yet is meant: it is added with the rest.
  const [typed, setTyped] = useState('');
  const pending = typed.trim();
  const fault = pending === '' ? null : numberFault(pending, draft.numbers);
  const submit = () => {
    if (fault !== null) return;
    const numbers = pending === '' ? draft.numbers : [...draft.numbers, pending];
    onClose();
    desk.edit({ ...draft, numbers });
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="button primary">
        Apply
      </button>
    </>
  );
  const hasMore = draft.patterns.length > 0 || draft.schedule.length > 0;
  return (
    <Window
      title="Callflow"
      icon={
        <span className="tile tile-main">
          <Icon name="phone" />
        </span>
      }
      onClose={onClose}
      onSubmit={submit}
      footer={footer}
    >
      <Labelled label="Name">
        {(bound) => (
          <input
            {...bound}
            value={draft.name}
            maxLength={128}
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        )}
      </Labelled>
      <NumbersInput draft={draft} typed={typed} onTyped={setTyped} onChange={setDraft} />
      <SeatInput value={draft.seat} onChange={(seat) => setDraft({ ...draft, seat })} />
      <details className="more" open={hasMore}>
        <summary>Patterns and schedule</summary>
        <EntryList
          label="Patterns"
          addLabel="Add pattern"
          placeholder="^\*30([0-9]+)$"
          help="Regular expressions (RE2) over the dialled number. What a group captures can be the ID of a block."
          entries={draft.patterns}
          onChange={(patterns) => setDraft({ ...draft, patterns })}
        />
        <ScheduleInput value={draft.schedule} onChange={(schedule) => setDraft({ ...draft, schedule })} />
      </details>
    </Window>
  );
}

interface NumbersProps {
  readonly draft: Draft;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onChange: (draft: Draft) => void;
}

function NumbersInput({ draft, typed, onTyped, onChange }: NumbersProps) {
  const { callflows } = useRealm();
  const { editor } = useDesk();
  const clash = (number: string) => {
    const other = clashOf(number, editor.id, callflows ?? []);
    return other === null ? null : `Already reaches “${other.name}”`;
  };
  return (
    <EntryList
      label="Extensions and numbers"
      addLabel="Add number"
      placeholder="*30, 1001 or +49301234"
      help="Exactly as they are dialled. Without one the callflow is stored, but no call reaches it."
      entries={draft.numbers}
      typed={typed}
      onTyped={onTyped}
      faultOf={(text) => numberFault(text, draft.numbers)}
      clashOf={clash}
      onChange={(numbers) => onChange({ ...draft, numbers })}
    />
  );
}
