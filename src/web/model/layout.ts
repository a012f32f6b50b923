import type { FlowNode } from '../../callflow/callflow.ts';
import { childOf, keyOf, type Path } from './tree.ts';

/** An exit as it is drawn. */
export interface DrawnExit {
  readonly name: string;
  /** Null: the only way on, which needs no name. */
  readonly label: string | null;
}

/** A thing on the diagram; `x` is its left edge. */
export type Item =
  | { readonly kind: 'main'; readonly id: string; readonly box: Box }
  | {
      readonly kind: 'block';
      readonly id: string;
      readonly path: Path;
      readonly node: FlowNode;
      readonly box: Box;
    }
  /** Where a block can be put: below a free exit, or between two blocks. */
  | {
      readonly kind: 'place';
      readonly id: string;
      readonly path: Path;
      readonly label: string | null;
      readonly isFree: boolean;
      readonly box: Box;
    };

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line from one item to the next. */
export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The block that the line leads to; a run that went there went along it. */
  readonly path: Path;
}

export interface Layout {
  /** In reading order: that is also the order of the Tab key. */
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
}

export const MAIN_ID = 'main';

const MAIN = { width: 280, height: 112 };
const BLOCK = { width: 224, height: 76 };
const PLAIN_PLACE = { width: 32, height: 32 };
const NAMED_PLACE = { width: 136, height: 32 };
const GAP = { aside: 28, above: 22, below: 22 };

/** Places a flow as a tree from top to bottom, every block centred above what follows it. */
export function layOut(
  flow: FlowNode | null,
  exits: (node: FlowNode) => readonly DrawnExit[],
  mainHeight: number = MAIN.height,
): Layout {
  const drawing = new Drawing(exits);
  const tree = drawing.measure(flow, { name: '', label: null });
  const width = Math.max(tree.width, MAIN.width);
  const box = { x: -MAIN.width / 2, y: 0, width: MAIN.width, height: mainHeight };
  drawing.items.push({ kind: 'main', id: MAIN_ID, box });
  drawing.draw(tree, {
    path: [],
    from: MAIN_ID,
    left: -width / 2 + (width - tree.width) / 2,
    top: mainHeight,
  });
  return drawing;
}

/** One exit with all that stands below it. */
interface Branch {
  readonly exit: DrawnExit;
  readonly node: FlowNode | null;
  readonly branches: readonly Branch[];
  readonly width: number;
}

interface Spot {
  readonly path: Path;
  readonly from: string;
  readonly left: number;
  readonly top: number;
}

class Drawing implements Layout {
  readonly items: Item[] = [];
  readonly lines: Line[] = [];
  readonly #exits: (node: FlowNode) => readonly DrawnExit[];

  constructor(exits: (node: FlowNode) => readonly DrawnExit[]) {
    this.#exits = exits;
  }

  measure(node: FlowNode | null, exit: DrawnExit): Branch {
    const branches =
      node === null ? [] : this.#exits(node).map((next) => this.measure(childOf(node, next.name), next));
    const below = branches.reduce((sum, { width }) => sum + width + GAP.aside, -GAP.aside);
    const own = node === null ? placeSize(exit).width : BLOCK.width;
    return { exit, node, branches, width: Math.max(own, placeSize(exit).width, below) };
  }

  draw(branch: Branch, spot: Spot): void {
    const { path } = spot;
    const place = this.#drawPlace(branch, spot);
    if (branch.node === null) return;
    const id = `block:${keyOf(path)}`;
    const top = place.box.y + place.box.height + GAP.below;
    const box = { ...BLOCK, x: spot.left + (branch.width - BLOCK.width) / 2, y: top };
    this.items.push({ kind: 'block', id, path, node: branch.node, box });
    this.lines.push({ id: `to-${id}`, from: place.id, to: id, path });
    this.#drawBelow(branch, { path, from: id, left: spot.left, top: top + BLOCK.height });
  }

  #drawPlace({ exit, node, width }: Branch, { path, from, left, top }: Spot) {
    const id = `place:${keyOf(path)}`;
    const size = placeSize(exit);
    const box = { ...size, x: left + (width - size.width) / 2, y: top + GAP.above };
    const place = { kind: 'place', id, path, label: exit.label, isFree: node === null, box } as const;
    this.items.push(place);
    this.lines.push({ id: `to-${id}`, from, to: id, path });
    return place;
  }

  #drawBelow({ branches, width }: Branch, spot: Spot): void {
    const total = branches.reduce((sum, branch) => sum + branch.width + GAP.aside, -GAP.aside);
    let left = spot.left + (width - total) / 2;
    for (const branch of branches) {
      this.draw(branch, { ...spot, path: [...spot.path, branch.exit.name], left });
      left += branch.width + GAP.aside;
    }
  }
}

function placeSize(exit: DrawnExit) {
  return exit.label === null ? PLAIN_PLACE : NAMED_PLACE;
}
