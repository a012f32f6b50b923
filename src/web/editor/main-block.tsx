import { Handle, type NodeProps, Position } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import { useRealm } from '../state/realm.tsx';
import { Icon } from '../ui/icon.tsx';
import { BlockToolbar } from './block-toolbar.tsx';
import { useDesk } from './desk.ts';
import type { ItemNode } from './diagram.tsx';
import { focusBlock } from './focus.ts';
import { ProblemBadge } from './problem-badge.tsx';

const SHOWN_NUMBERS = 3;

/** The block on top: what reaches the callflow and whom it is assigned to. */
export function MainBlock(_: NodeProps<ItemNode<'main'>>) {
  const desk = useDesk();
  const { seats } = useRealm();
  const { name, numbers, patterns, seat, schedule } = desk.draft;
  const isSelected = desk.editor.selected?.kind === 'main';
  const problems = desk.problemsAt.get('main') ?? [];
  const seatName = seats.find(({ id }) => id === seat)?.name ?? seat;
  const reached = [...numbers, ...patterns.map((pattern) => `/${pattern}/`)];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') desk.open({ kind: 'main' });
    else if (event.key === 'ArrowDown' && desk.draft.flow !== null) {
      desk.select({ kind: 'block', path: [] });
      focusBlock([]);
    } else return;
    event.preventDefault();
  };
  return (
    <div className="node nopan">
      <button
        type="button"
        className={isSelected ? 'main-block is-selected' : 'main-block'}
        data-block="main"
        aria-pressed={isSelected}
        aria-label={`Callflow ${name || 'without a name'}`}
        onClick={() => desk.select({ kind: 'main' })}
        onDoubleClick={() => desk.open({ kind: 'main' })}
        onKeyDown={onKeyDown}
      >
        <span className="main-block-head">
          <Icon name="phone" size={16} />
          <strong>{name || 'Without a name'}</strong>
        </span>
        <span className="main-block-row">
          {reached.length === 0 && (
            <em>{schedule.length > 0 ? 'Runs by itself' : 'No extension or number yet'}</em>
          )}
          {reached.slice(0, SHOWN_NUMBERS).map((number) => (
            <span className="chip" key={number}>
              {number}
            </span>
          ))}
          {reached.length > SHOWN_NUMBERS && <span className="chip">+{reached.length - SHOWN_NUMBERS}</span>}
          {schedule.length > 0 && (
            <span className="chip quiet">
              <Icon name="clock" size={12} /> {schedule.length}
            </span>
          )}
        </span>
        <span className="main-block-row seat">
          <Icon name="person" size={14} />
          {seatName ?? <em>Not assigned</em>}
        </span>
      </button>
      <ProblemBadge problems={problems} />
      {isSelected && <BlockToolbar path={null} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
