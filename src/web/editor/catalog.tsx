import { useState } from 'react';
import { ACTION_GROUPS, type ActionInfo } from '../../callflow/action.ts';
import { CATALOG } from '../../callflow/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { useDesk } from './desk.ts';
import { useDrag } from './drag.ts';
import { ModuleIcon } from './module-icon.tsx';

/** The actions, in groups: dragged onto the diagram, or chosen for the place that was chosen before. */
export function Catalog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [hovered, setHovered] = useState<ActionInfo | null>(null);
  const found = CATALOG.filter((action) => isFound(action, text));
  return (
    <aside className="catalog" aria-label="Actions">
      <header className="panel-head">
        <h2>Actions</h2>
        <button
          type="button"
          className="icon-button only-narrow"
          aria-label="Close actions"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <SearchBox label="Search actions" placeholder="Search actions" value={text} onChange={setText} />
      <CatalogHint />
      <div className="catalog-list">
        {ACTION_GROUPS.map((group) => (
          <Group
            key={group}
            name={group}
            actions={found.filter((action) => action.group === group)}
            onHover={setHovered}
          />
        ))}
        {found.length === 0 && <p className="muted">No action is called that</p>}
      </div>
      <p className="catalog-help" aria-live="off">
        {hovered?.help ?? 'Drag an action onto the diagram, or choose a place first and then the action.'}
      </p>
    </aside>
  );
}

function isFound({ title, module, help }: ActionInfo, text: string): boolean {
  return `${title} ${module} ${help}`.toLowerCase().includes(text.trim().toLowerCase());
}

function CatalogHint() {
  const { armed, hand, arm, take } = useDesk();
  const isCarrying = hand?.by === 'keys';
  if (armed === null && !isCarrying) return null;
  const cancel = () => {
    arm(null);
    take(null);
  };
  return (
    <p className="hint" role="status">
      {isCarrying ? 'Choose a lit place on the diagram' : 'Choose the action for the marked place'}
      <button type="button" className="link" onClick={cancel}>
        Cancel
      </button>
    </p>
  );
}

interface GroupProps {
  readonly name: string;
  readonly actions: readonly ActionInfo[];
  readonly onHover: (action: ActionInfo | null) => void;
}

function Group({ name, actions, onHover }: GroupProps) {
  if (actions.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds form fields, these are buttons
    <div role="group" aria-label={name} className="catalog-group">
      <h3>{name}</h3>
      {actions.map((action) => (
        <CatalogItem key={action.module} action={action} onHover={onHover} />
      ))}
    </div>
  );
}

function CatalogItem({ action, onHover }: { action: ActionInfo; onHover: GroupProps['onHover'] }) {
  const desk = useDesk();
  const onPointerDown = useDrag({ kind: 'new', module: action.module });
  return (
    <button
      type="button"
      className="catalog-item"
      data-ghost={action.title}
      title={action.help}
      onPointerDown={onPointerDown}
      onPointerEnter={() => onHover(action)}
      onPointerLeave={() => onHover(null)}
      onFocus={() => onHover(action)}
      onBlur={() => onHover(null)}
      onClick={() => desk.choose(action.module)}
    >
      <ModuleIcon module={action.module} />
      <span>{action.title}</span>
    </button>
  );
}
