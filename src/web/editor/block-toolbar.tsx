import { nodeAt, type Path } from '../model/tree.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useDesk } from './desk.ts';

/** What can be done with the selected block. `path` null: the main block. */
export function BlockToolbar({ path }: { readonly path: Path | null }) {
  const desk = useDesk();
  const node = path === null ? null : nodeAt(desk.draft.flow, path);
  const hasBelow = node !== null && Object.keys(node.children).length > 0;
  const edit = () => desk.open(path === null ? { kind: 'main' } : { kind: 'edit', path });
  return (
    <div className="block-toolbar" role="toolbar" aria-label="Block">
      <Tool icon="edit" label="Edit" onClick={edit} />
      <Tool icon="add" label="Add action here" onClick={() => desk.addBelow(path)} />
      {path !== null && (
        <>
          <Tool
            icon="move"
            label="Move"
            isDisabled={path.length === 0}
            onClick={() => desk.take({ payload: { kind: 'move', from: path }, by: 'keys' })}
          />
          <Tool icon="close" label="Remove" onClick={() => desk.remove(path, 'block')} />
          {hasBelow && (
            <Tool icon="trash" label="Remove with all below" onClick={() => desk.remove(path, 'branch')} />
          )}
        </>
      )}
    </div>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function Tool({ icon, label, isDisabled, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon name={icon} size={16} />
    </button>
  );
}
