import {
  Background,
  BackgroundVariant,
  type Edge,
  type EdgeTypes,
  type Node,
  type NodeTypes,
  Position,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { drawnExits } from '../model/exits.ts';
import { type Box, type Item, layOut, MAIN_ID } from '../model/layout.ts';
import { keyOf } from '../model/tree.ts';
import { ActionBlock } from './action-block.tsx';
import { type Desk, useDesk } from './desk.ts';
import { DiagramControls } from './diagram-controls.tsx';
import { FlowLine } from './flow-line.tsx';
import { MainBlock } from './main-block.tsx';
import { PlaceNode } from './place-node.tsx';

/** What a node of the diagram gets to draw itself. */
export type ItemNode<Kind extends Item['kind']> = Node<
  { readonly item: Extract<Item, { kind: Kind }> },
  Kind
>;

const NODE_TYPES: NodeTypes = { main: MainBlock, block: ActionBlock, place: PlaceNode };
const EDGE_TYPES: EdgeTypes = { line: FlowLine };
const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.5 } as const;

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
        <Follow items={items} />
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

/** What must be seen around a selected block, in pixels: its toolbar above, its exits below. */
const AROUND = { side: 24, above: 60, below: 70 };

/** Brings the selected block into view when it is outside: after a step of the keyboard, or when it is new. */
function Follow({ items }: { readonly items: readonly Item[] }) {
  const { editor } = useDesk();
  const { selected } = editor;
  const { getViewport, setViewport } = useReactFlow();
  const id = selected === null ? null : selected.kind === 'main' ? MAIN_ID : `block:${keyOf(selected.path)}`;
  const box = items.find((item) => item.id === id)?.box;
  useEffect(() => {
    const pane = document.querySelector('.diagram')?.getBoundingClientRect();
    if (box === undefined || pane === undefined) return;
    const { x, y, zoom } = getViewport();
    const left = box.x * zoom + x;
    const top = box.y * zoom + y;
    const aside = shift(left - AROUND.side, left + box.width * zoom + AROUND.side, pane.width);
    const down = shift(top - AROUND.above, top + box.height * zoom + AROUND.below, pane.height);
    if (aside !== 0 || down !== 0) void setViewport({ x: x + aside, y: y + down, zoom }, { duration: 200 });
  }, [box, getViewport, setViewport]);
  return null;
}

/** How far a span has to be moved to lie within 0 and `size`; its beginning counts more than its end. */
function shift(from: number, to: number, size: number): number {
  if (from < 0) return -from;
  return to > size ? Math.max(size - to, -from) : 0;
}
