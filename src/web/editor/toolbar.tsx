import { Icon, type IconName } from '../ui/icon.tsx';
import { useDesk } from './desk.ts';
import { type SaveActions, SaveMenu } from './save-menu.tsx';

interface ToolbarProps {
  readonly save: SaveActions;
  readonly canWrite: boolean;
  readonly onBack: () => void;
}

/** The bar above the diagram: the name, undo and redo, run, save. */
export function Toolbar({ save, canWrite, onBack }: ToolbarProps) {
  const desk = useDesk();
  const { draft, editor } = desk;
  return (
    <div className="toolbar" role="toolbar" aria-label="Callflow">
      <button
        type="button"
        className="icon-button only-narrow"
        aria-label="Back to the list"
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
      <input
        className="name-input"
        aria-label="Callflow name"
        placeholder="Name of the callflow"
        value={draft.name}
        maxLength={128}
        onChange={(event) => desk.edit({ ...draft, name: event.target.value }, 'name')}
      />
      <span className={desk.isChanged ? 'saved-state is-changed' : 'saved-state'} role="status">
        {desk.isChanged ? 'Unsaved changes' : 'Saved'}
      </span>
      <span className="spring" />
      <Tool icon="undo" label="Undo" isOn={editor.history.past.length > 0} onClick={desk.undo} />
      <Tool icon="redo" label="Redo" isOn={editor.history.future.length > 0} onClick={desk.redo} />
      <button type="button" className="button" onClick={() => desk.open({ kind: 'run' })}>
        <Icon name="run" size={16} />
        Run
      </button>
      <SaveMenu save={save} isOn={desk.isChanged && canWrite} />
    </div>
  );
}

function Tool(props: { icon: IconName; label: string; isOn: boolean; onClick: () => void }) {
  const { icon, label, isOn, onClick } = props;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={!isOn}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
