import {
  Background,
  BackgroundVariant,
  type Edge,
  type EdgeTypes,
  type Node,
  type NodeTypes,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { useMemo } from 'react';
import { drawnExits } from '../model/exits.ts';
import { type Box, type Item, layOut } from '../model/layout.ts';
import { keyOf } from '../model/tree.ts';
import { ActionBlock } from './action-block.tsx';
import { type Desk, useDesk } from './desk.ts';
import { DiagramControls } from './diagram-controls.tsx';
import { FlowLine } from './flow-line.tsx';
import { Follow } from './follow.tsx';
import { MainBlock } from './main-block.tsx';
import { PlaceNode } from './place-node.tsx';

/** What a node of the diagram gets to draw itself. */
export type ItemNode<Kind extends Item['kind']> = Node<
  { readonly item: Extract<Item, { kind: Kind }> },
  Kind
>;

const NODE_TYPES: NodeTypes = { main: MainBlock, block: ActionBlock, place: PlaceNode };
const EDGE_TYPES: EdgeTypes = { line: FlowLine };
/** On a phone a flow with branches is seen whole, small: two fingers bring it nearer. */
const FIT = { padding: 0.08, maxZoom: 1, minZoom: 0.3 } as const;

/** The flow as a tree of blocks, from top to bottom. */
export function Diagram() {
  const desk = useDesk();
  const { flow } = desk.draft;
  const { items, lines } = useMemo(() => layOut(flow, drawnExits), [flow]);
  const nodes = useMemo(() => items.map(nodeOf), [items]);
  const edges = useMemo(() => lines.map((line) => edgeOf(line, desk.shownRun)), [lines, desk.shownRun]);
  const className = desk.hand === null ? 'diagram' : `diagram is-placing by-${desk.hand.by}`;
  return (
    <section className={className} aria-label="Diagram">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.2}
        maxZoom={1.6}
        fitView
        fitViewOptions={FIT}
        onPaneClick={() => desk.select(null)}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} />
        <DiagramControls fit={FIT} />
        <Follow items={items} fit={FIT} />
      </ReactFlow>
    </section>
  );
}

/** Handles and sizes are given, not measured: the diagram is there at once and edges never wait for it. */
function nodeOf(item: Item): Node {
  const { x, y, width, height } = item.box;
  return {
    id: item.id,
    type: item.kind,
    position: { x, y },
    data: { item },
    width,
    height,
    measured: { width, height },
    handles: handlesOf(item.box),
  };
}

function handlesOf({ width, height }: Box): NonNullable<Node['handles']> {
  return [
    { type: 'target', position: Position.Top, x: width / 2 - 0.5, y: 0, width: 1, height: 1 },
    { type: 'source', position: Position.Bottom, x: width / 2 - 0.5, y: height - 1, width: 1, height: 1 },
  ];
}

function edgeOf(
  line: { id: string; from: string; to: string; path: readonly string[] },
  run: Desk['shownRun'],
): Edge {
  const isPassed = run?.passed.has(keyOf(line.path)) ?? false;
  return { id: line.id, type: 'line', source: line.from, target: line.to, data: { isPassed } };
}
