import { Handle, type NodeProps, Position } from '@xyflow/react';
import type { FlowNode } from '../../callflow/callflow.ts';
import { actionOf } from '../../callflow/catalog.ts';
import { NEW_EXIT } from '../model/exits.ts';
import type { Item } from '../model/layout.ts';
import { keyOf, nodeAt, samePath } from '../model/tree.ts';
import { Icon } from '../ui/icon.tsx';
import { useDesk } from './desk.ts';
import type { ItemNode } from './diagram.tsx';
import { putAttributes } from './drag.ts';

type Place = Extract<Item, { kind: 'place' }>;

/** Where a block can be put: it lights up for what it takes, and it can be chosen first and filled then. */
export function PlaceNode({ data: { item } }: NodeProps<ItemNode<'place'>>) {
  const desk = useDesk();
  const { path, isFree, label } = item;
  const target = { kind: 'insert', path } as const;
  const isValid = desk.accepts(target);
  const isArmed = samePath(desk.armed, path);
  const isNew = path.at(-1) === NEW_EXIT;
  const classes = [
    'place',
    isFree ? 'is-free' : 'is-between',
    label === null ? 'is-plain' : 'is-named',
    isNew && 'is-new',
    isValid && 'is-valid',
    isArmed && 'is-armed',
    desk.shownRun?.passed.has(keyOf(path)) && 'is-passed',
  ];
  const onClick = () => {
    if (desk.hand?.by === 'keys' && isValid) desk.put(desk.hand.payload, target);
    else desk.arm(isArmed ? null : path);
  };
  return (
    <div className="node nopan">
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button
        type="button"
        className={classes.filter(Boolean).join(' ')}
        {...putAttributes(target)}
        aria-label={nameOf(item, desk.draft.flow)}
        aria-pressed={isArmed}
        // Between two blocks the keyboard adds by the block above; while something is carried every place counts.
        tabIndex={isFree || isValid ? 0 : -1}
        onClick={onClick}
      >
        {label !== null && <span>{label}</span>}
        {(isFree || label === null) && !isNew && <Icon name="add" size={14} />}
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

function nameOf({ path, label, isFree }: Place, flow: FlowNode | null): string {
  const what = isFree ? 'Add action here' : 'Insert action here';
  if (path.length === 0) return `${what}: first block`;
  const above = nodeAt(flow, path.slice(0, -1));
  const title = above === null ? '' : (actionOf(above.module)?.title ?? above.module);
  return label === null ? `${what}: below ${title}` : `${what}: below ${title}, ${label}`;
}
