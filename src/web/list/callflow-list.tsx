import { type MouseEvent, useState } from 'react';
import { type CallflowSummary, searchCallflows } from '../model/clash.ts';
import { formatRoute } from '../model/route.ts';
import { useRealm } from '../state/realm.tsx';
import { Icon } from '../ui/icon.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { useListActions } from './use-list-actions.ts';

/** Every callflow of the realm: searched, opened, created, deleted. */
export function CallflowList({ openId }: { readonly openId: string | null }) {
  const { callflows, fault } = useRealm();
  const actions = useListActions();
  const [text, setText] = useState('');
  const found = callflows === null ? [] : searchCallflows(callflows, text);
  return (
    <aside className="list" aria-label="Callflows">
      <header className="panel-head">
        <h1>Callflows</h1>
        {actions.canWrite && (
          <button type="button" className="button small" onClick={() => void actions.create()}>
            <Icon name="add" size={16} /> New callflow
          </button>
        )}
      </header>
      <SearchBox label="Search callflows" placeholder="Name or number" value={text} onChange={setText} />
      {fault !== null && (
        <p className="fault-text pad" role="alert">
          {fault}
        </p>
      )}
      <ul className="list-rows">
        {found.map((callflow) => (
          <ListRow key={callflow.id} callflow={callflow} isOpen={callflow.id === openId} actions={actions} />
        ))}
      </ul>
      {callflows !== null && found.length === 0 && (
        <p className="muted pad">{text === '' ? 'No callflows yet' : 'Nothing matches'}</p>
      )}
    </aside>
  );
}

interface ListRowProps {
  readonly callflow: CallflowSummary;
  readonly isOpen: boolean;
  readonly actions: ReturnType<typeof useListActions>;
}

function ListRow({ callflow, isOpen, actions }: ListRowProps) {
  const { realm, seats } = useRealm();
  const { id, name, numbers, patterns, problems, seat } = callflow;
  const reached = [...numbers, ...patterns.map((pattern) => `/${pattern}/`)].join(', ');
  const seatName = seats.find((one) => one.id === seat)?.name;
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void actions.open(id);
  };
  return (
    <li className={isOpen ? 'list-row is-open' : 'list-row'}>
      <a
        href={formatRoute({ view: 'callflows', realm, id })}
        aria-current={isOpen ? 'true' : undefined}
        aria-label={name || 'Without a name'}
        onClick={onClick}
      >
        <strong>{name || 'Without a name'}</strong>
        <small>
          {reached || 'No number'}
          {seatName !== undefined && ` · ${seatName}`}
        </small>
      </a>
      {problems > 0 && (
        <span className="count count-warning" title={`${problems} problems`}>
          {problems}
        </span>
      )}
      {actions.canWrite && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Delete ${name}`}
          title="Delete"
          onClick={() => void actions.remove(callflow)}
        >
          <Icon name="trash" size={16} />
        </button>
      )}
    </li>
  );
}
