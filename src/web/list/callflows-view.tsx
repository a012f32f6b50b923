import { CallflowEditor } from '../editor/callflow-editor.tsx';
import { useRealm } from '../state/realm.tsx';
import { Icon } from '../ui/icon.tsx';
import { CallflowList } from './callflow-list.tsx';
import { Examples } from './examples.tsx';
import { useListActions } from './use-list-actions.ts';

/** The list and the callflow that is open; on a narrow screen one of the two. */
export function CallflowsView({ id }: { readonly id: string | null }) {
  return (
    <div className={id === null ? 'callflows' : 'callflows is-open'}>
      <CallflowList openId={id} />
      {id === null ? <NothingOpen /> : <CallflowEditor key={id} id={id} />}
    </div>
  );
}

function NothingOpen() {
  const { create, canWrite } = useListActions();
  const { callflows } = useRealm();
  return (
    <div className={callflows?.length === 0 ? 'empty' : 'empty only-wide'}>
      <span className="tile tile-main">
        <Icon name="flow" size={26} />
      </span>
      <h2>Draw what a call does</h2>
      <p className="muted">Open a callflow from the list, or begin with an empty one.</p>
      {canWrite && (
        <button type="button" className="button primary" onClick={() => void create()}>
          <Icon name="add" size={16} /> New callflow
        </button>
      )}
      {canWrite && callflows?.length === 0 && <Examples />}
    </div>
  );
}
