import { useDeferredValue, useState } from 'react';
import type { LampStatus } from '../model/live.ts';
import { useKnownIds, useLamps, useRealm } from '../state/realm.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { BlfPanel } from './blf-panel.tsx';
import { LampRow } from './lamp-row.tsx';
import { SetLampForm } from './set-lamp-form.tsx';

const FILTERS: readonly { readonly value: 'all' | LampStatus; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'idle', label: 'Idle' },
  { value: 'ringing', label: 'Ringing' },
  { value: 'busy', label: 'Busy' },
  { value: 'held', label: 'On hold' },
];

/** Every lamp of the realm, live, and a panel that proves them on the wire. */
export function LampBoardView() {
  const [text, setText] = useState('');
  const [status, setStatus] = useState<'all' | LampStatus>('all');
  const { canWrite } = useRealm();
  const ids = useFiltered(useDeferredValue(text), status);
  return (
    <div className="board">
      <section className="board-main" aria-label="Lamp board">
        <header className="board-head">
          <h1>Lamps</h1>
          <SearchBox
            label="Filter lamps"
            placeholder="Filter by ID or seat"
            value={text}
            onChange={setText}
          />
          <fieldset className="segments filter" aria-label="Status filter">
            {FILTERS.map(({ value, label }) => (
              <button
                key={value}
                type="button"
                className="segment"
                aria-pressed={status === value}
                onClick={() => setStatus(value)}
              >
                {label}
              </button>
            ))}
          </fieldset>
        </header>
        {canWrite && <SetLampForm />}
        <ul className="lamps">
          {ids.map((id) => (
            <LampRow key={id} id={id} />
          ))}
        </ul>
        {ids.length === 0 && (
          <p className="muted pad">No lamp to show yet: set one, or draw a callflow that does.</p>
        )}
      </section>
      <BlfPanel />
    </div>
  );
}

function useFiltered(text: string, status: 'all' | LampStatus): readonly string[] {
  const known = useKnownIds();
  const { boards } = useLamps();
  const { seats } = useRealm();
  const wanted = text.trim().toLowerCase();
  return known.filter((id) => {
    const seat = seats.find((one) => one.presenceId.toLowerCase() === id)?.name ?? '';
    const shows = boards[id]?.lamp.status ?? 'idle';
    return `${id} ${seat.toLowerCase()}`.includes(wanted) && (status === 'all' || status === shows);
  });
}
