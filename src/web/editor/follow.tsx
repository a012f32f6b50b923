import { type FitViewOptions, useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { type Box, type Item, MAIN_ID } from '../model/layout.ts';
import { keyOf } from '../model/tree.ts';
import { useDesk } from './desk.ts';

/** What must be seen around a selected block, in pixels: its toolbar above, its exits below. */
const AROUND = { side: 24, above: 60, below: 70 };
const MOVE = { duration: 220 };

/**
 * Keeps in view what matters: the whole flow when a run is shown, and the selected block when a step of the keyboard
 * or a change has put it outside.
 */
export function Follow({ items, fit }: { readonly items: readonly Item[]; readonly fit: FitViewOptions }) {
  const { editor, shownRun } = useDesk();
  const { selected } = editor;
  const { getViewport, setViewport, fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const wanted = useRef<string | null>(null);
  const id = selected === null ? null : selected.kind === 'main' ? MAIN_ID : `block:${keyOf(selected.path)}`;
  const box = items.find((item) => item.id === id)?.box;
  const run = shownRun?.run.id ?? null;

  useEffect(() => {
    if (box === undefined || width === 0) return;
    const { x, y, zoom } = getViewport();
    const by = shiftOf(box, { x, y, zoom, width, height });
    if (by.x !== 0 || by.y !== 0) void setViewport({ x: x + by.x, y: y + by.y, zoom }, MOVE);
  }, [box, width, height, getViewport, setViewport]);
  // Once for each run, when the panel below has taken its part of the height.
  useEffect(() => {
    if (run === wanted.current || height === 0) return;
    const show = () => {
      wanted.current = run;
      if (run !== null) void fitView({ ...fit, ...MOVE });
    };
    const timer = setTimeout(show, 80);
    return () => clearTimeout(timer);
  }, [run, height, fit, fitView]);
  return null;
}

interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** How far the view has to move for a box to be seen. */
function shiftOf(box: Box, { x, y, zoom, width, height }: View) {
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  return {
    x: shift(left - AROUND.side, left + box.width * zoom + AROUND.side, width),
    y: shift(top - AROUND.above, top + box.height * zoom + AROUND.below, height),
  };
}

/** How far a span has to be moved to lie within 0 and `size`; its beginning counts more than its end. */
function shift(from: number, to: number, size: number): number {
  if (from < 0) return -from;
  return to > size ? Math.max(size - to, -from) : 0;
}
