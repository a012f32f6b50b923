import { useState } from 'react';
import { failureText } from '../api.ts';
import { presenceIdFault } from '../model/field-fault.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { Labelled } from '../ui/labelled.tsx';

const NEW = '\u0000new';

interface SeatInputProps {
  /** The id of a seat; null: not assigned. */
  readonly value: string | null;
  readonly onChange: (seat: string | null) => void;
}

/** Whom the callflow is assigned to: one of the seats, or a new one. */
export function SeatInput({ value, onChange }: SeatInputProps) {
  const { seats, canWrite } = useRealm();
  const [isAdding, setAdding] = useState(false);
  const isKnown = value === null || seats.some(({ id }) => id === value);
  const choose = (id: string) => {
    setAdding(id === NEW);
    if (id !== NEW) onChange(id === '' ? null : id);
  };
  return (
    <>
      <Labelled label="Assigned seat" help="Who the callflow belongs to.">
        {(bound) => (
          <select
            {...bound}
            value={isAdding ? NEW : (value ?? '')}
            onChange={(event) => choose(event.target.value)}
          >
            <option value="">Not assigned</option>
            {!isKnown && <option value={value ?? ''}>{value} (does not exist)</option>}
            {seats.map((seat) => (
              <option key={seat.id} value={seat.id}>
                {seat.name} ({seat.extension})
              </option>
            ))}
            {canWrite && <option value={NEW}>New seat…</option>}
          </select>
        )}
      </Labelled>
      {isAdding && (
        <NewSeat
          onAdded={(id) => {
            setAdding(false);
            onChange(id);
          }}
        />
      )}
    </>
  );
}

function NewSeat({ onAdded }: { readonly onAdded: (id: string) => void }) {
  const { api } = useSession();
  const { realm, reloadSeats } = useRealm();
  const [seat, setSeat] = useState({ name: '', extension: '', presenceId: '' });
  const [fault, setFault] = useState<string | null>(null);
  const presenceId = seat.presenceId.trim() || seat.extension.trim();
  const add = async () => {
    const body = { name: seat.name.trim(), extension: seat.extension.trim(), presenceId };
    if (body.name === '' || body.extension === '') return setFault('A name and an extension are needed');
    if (presenceIdFault(presenceId) !== null) return setFault(presenceIdFault(presenceId));
    const answer = await api.addSeat(realm, body);
    if (answer.kind !== 'ok') return setFault(failureText(answer));
    await reloadSeats();
    onAdded(answer.value.id);
  };
  const input = (key: keyof typeof seat, label: string, placeholder: string) => (
    <Labelled label={label}>
      {(bound) => (
        <input
          {...bound}
          value={seat[key]}
          placeholder={placeholder}
          onChange={(event) => setSeat({ ...seat, [key]: event.target.value })}
        />
      )}
    </Labelled>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form within the window's form cannot be
    <div className="inset" role="group" aria-label="New seat">
      {input('name', 'Name of the seat', 'Reception')}
      {input('extension', 'Extension', '1001')}
      {input('presenceId', 'Presence ID', seat.extension || '1001')}
      {fault !== null && (
        <p className="fault-text" role="alert">
          {fault}
        </p>
      )}
      <button type="button" className="button" onClick={() => void add()}>
        Add seat
      </button>
    </div>
  );
}
