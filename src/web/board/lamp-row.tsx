import { useState } from 'react';
import { causeOf } from '../model/live.ts';
import { useLamp, useLamps, useRealm } from '../state/realm.tsx';
import { Icon } from '../ui/icon.tsx';
import { Lamp, lampWord } from '../ui/lamp.tsx';
import { Ago } from './ago.tsx';
import { useSetLamp } from './use-set-lamp.ts';
import { WatcherList } from './watcher-list.tsx';

const STATUSES = ['idle', 'ringing', 'busy'] as const;

/** One lamp: what it shows, since when and why, who watches it, and buttons to set it. */
export function LampRow({ id }: { readonly id: string }) {
  const { boards } = useLamps();
  const { seats, canWrite } = useRealm();
  const [isOpen, setOpen] = useState(false);
  const board = boards[id];
  const status = useLamp(id)?.lamp.status ?? null;
  const seat = seats.find((one) => one.presenceId.toLowerCase() === id);
  const word = status === null ? 'not known' : lampWord(status);
  const cause = board === undefined ? null : causeOf(board);
  return (
    <li className="lamp-card" aria-label={`${id}: ${word}`}>
      <div className="lamp-head">
        <Lamp status={status} size="large" />
        <span className="lamp-text">
          <strong>{id}</strong>
          {seat !== undefined && <small>{seat.name}</small>}
        </span>
        <span className={`status status-${status ?? 'unknown'}`}>{word}</span>
      </div>
      <p className="lamp-cause">
        {board?.changedAt ? (
          <>
            <Ago time={board.changedAt} />
            {cause !== null && ` · ${cause}`}
          </>
        ) : (
          'Never changed'
        )}
      </p>
      <div className="lamp-foot">
        {canWrite && <SetButtons id={id} manual={board?.manual?.status ?? 'idle'} />}
        <span className="spring" />
        <button
          type="button"
          className="button quiet small"
          aria-expanded={isOpen}
          aria-label={`Watchers of ${id}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="eye" size={16} /> Watchers
        </button>
      </div>
      {isOpen && <WatcherList id={id} rev={board?.rev ?? 0} />}
    </li>
  );
}

function SetButtons({ id, manual }: { readonly id: string; readonly manual: string }) {
  const setLamp = useSetLamp();
  return (
    <fieldset className="segments" aria-label={`Set ${id}`}>
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          className={`segment status-${status}`}
          aria-label={`Set ${id} ${status}`}
          aria-pressed={manual === status}
          onClick={() => void setLamp(id, status)}
        >
          {lampWord(status)}
        </button>
      ))}
    </fieldset>
  );
}
