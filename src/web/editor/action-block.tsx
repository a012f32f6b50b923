import { Handle, type NodeProps, Position } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import type { FlowNode } from '../../callflow/callflow.ts';
import { actionOf, SKIP } from '../../callflow/catalog.ts';
import { isOn, textOf } from '../../callflow/data.ts';
import { neighbour } from '../model/placing.ts';
import { keyOf, type Path } from '../model/tree.ts';
import { BlockToolbar } from './block-toolbar.tsx';
import { type Desk, useDesk } from './desk.ts';
import type { ItemNode } from './diagram.tsx';
import { putAttributes, useDrag } from './drag.ts';
import { focusBlock, focusMain } from './focus.ts';
import { LampOf } from './lamp-of.tsx';
import { ModuleIcon } from './module-icon.tsx';
import { ProblemBadge } from './problem-badge.tsx';
import { useCaption } from './use-caption.ts';

/** A block of the flow: what it does, its live lamp, its problems, and whether the shown run passed it. */
export function ActionBlock({ data: { item } }: NodeProps<ItemNode<'block'>>) {
  const desk = useDesk();
  const { path, node } = item;
  const key = keyOf(path);
  const { selected } = desk.editor;
  const isSelected = selected?.kind === 'block' && keyOf(selected.path) === key;
  const problems = desk.problemsAt.get(key) ?? [];
  const passed = desk.shownRun?.passed.get(key);
  const target = { kind: 'replace', path } as const;
  const isValid = desk.accepts(target);
  const isCarried = desk.hand?.payload.kind === 'move' && keyOf(desk.hand.payload.from) === key;
  const onPointerDown = useDrag({ kind: 'move', from: path });
  const title = titleOf(node);
  const caption = useCaption(node);
  const name = caption === '' ? title : `${title} ${caption}`;
  const presenceId = textOf(node.data, 'presence_id');
  const classes = [
    'block',
    isSelected && 'is-selected',
    isValid && 'is-valid',
    isCarried && 'is-carried',
    isOn(node.data, SKIP.key) && 'is-skipped',
    passed && 'is-passed',
  ];
  return (
    <div className="node nopan">
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button
        type="button"
        className={classes.filter(Boolean).join(' ')}
        data-block={key}
        data-ghost={title}
        {...putAttributes(target)}
        aria-pressed={isSelected}
        aria-label={desk.hand?.by === 'keys' && isValid ? `Replace ${name}` : name}
        aria-keyshortcuts="Enter Delete ArrowUp ArrowDown"
        onPointerDown={onPointerDown}
        onClick={() =>
          desk.hand?.by === 'keys' && isValid ? desk.put(desk.hand.payload, target) : select(desk, path)
        }
        onDoubleClick={() => desk.open({ kind: 'edit', path })}
        onKeyDown={(event) => onBlockKey(event, desk, path)}
      >
        <ModuleIcon module={node.module} />
        <span className="block-text">
          {caption !== '' && <small>{title}</small>}
          <Caption node={node} text={caption} />
        </span>
        {presenceId !== null && <LampOf id={presenceId} />}
      </button>
      {passed && (
        <span className="step" title={passed.step.result}>
          <b>{passed.order}</b>
          {passed.step.result}
        </span>
      )}
      <ProblemBadge problems={problems} />
      {isSelected && desk.hand === null && <BlockToolbar path={path} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

/** A Manual Presence block shows its ID and its status apart; the others their caption. */
function Caption({ node, text }: { readonly node: FlowNode; readonly text: string }) {
  if (node.module !== 'manual_presence') return <strong>{text || titleOf(node)}</strong>;
  const status = textOf(node.data, 'status') ?? 'idle';
  return (
    <strong>
      {textOf(node.data, 'presence_id') ?? <em>captured ID</em>}
      <span className={`status status-${status}`}>{status}</span>
    </strong>
  );
}

function titleOf({ module }: FlowNode): string {
  return actionOf(module)?.title ?? module;
}

function select(desk: Desk, path: Path): void {
  desk.select({ kind: 'block', path });
}

function onBlockKey(event: KeyboardEvent, desk: Desk, path: Path): void {
  // While something is carried, Enter chooses the place: the click that follows does it.
  if (desk.hand !== null || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === 'Enter') desk.open({ kind: 'edit', path });
  else if (event.key === 'Delete' || event.key === 'Backspace')
    desk.remove(path, event.shiftKey ? 'branch' : 'block');
  else if (event.key.startsWith('Arrow')) step(desk, path, event.key);
  else return;
  event.preventDefault();
}

function step(desk: Desk, path: Path, key: string): void {
  if (key === 'ArrowUp' && path.length === 0) {
    desk.select({ kind: 'main' });
    focusMain();
    return;
  }
  const next = neighbour(desk.draft.flow, path, key);
  if (next === null) return;
  select(desk, next);
  focusBlock(next);
}
