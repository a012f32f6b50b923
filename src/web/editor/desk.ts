import { createContext, useContext } from 'react';
import type { FlowNode } from '../../callflow/callflow.ts';
import type { Data } from '../../callflow/data.ts';
import type { CallflowProblem } from '../../callflow/problem.ts';
import type { RunResult } from '../api.ts';
import type { Draft } from '../model/draft.ts';
import type { Editor, Selection } from '../model/editor.ts';
import type { Payload, Target } from '../model/placing.ts';
import type { PassedBlock } from '../model/run-path.ts';
import type { Path } from '../model/tree.ts';

/** What is being put somewhere. `keys`: picked up by keyboard, places are chosen by Tab and Enter. */
export interface Hand {
  readonly payload: Payload;
  readonly by: 'pointer' | 'keys';
}

/** The window that is open above the desk. */
export type OpenWindow =
  | { readonly kind: 'main' }
  | { readonly kind: 'edit'; readonly path: Path }
  | { readonly kind: 'add'; readonly module: string; readonly target: Target }
  | { readonly kind: 'exit-name'; readonly payload: Payload; readonly target: Target }
  | { readonly kind: 'run' };

/** A run that the diagram shows. */
export interface ShownRun extends RunResult {
  readonly passed: ReadonlyMap<string, PassedBlock>;
}

/** One callflow on the desk, and all that can be done with it. */
export interface Desk {
  readonly editor: Editor;
  readonly draft: Draft;
  readonly isChanged: boolean;
  readonly problems: readonly CallflowProblem[];
  /** By `placeKey`. */
  readonly problemsAt: ReadonlyMap<string, readonly CallflowProblem[]>;
  readonly hand: Hand | null;
  /** The place that the next action of the catalogue goes to. */
  readonly armed: Path | null;
  readonly window: OpenWindow | null;
  readonly shownRun: ShownRun | null;

  readonly edit: (draft: Draft, field?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly select: (selected: Selection) => void;
  readonly open: (window: OpenWindow | null) => void;
  readonly take: (hand: Hand | null) => void;
  readonly arm: (path: Path | null) => void;
  readonly accepts: (target: Target) => boolean;
  /** Puts the payload there, after a window when there is something to fill in. */
  readonly put: (payload: Payload, target: Target) => void;
  /** Puts a filled-in block there at once. */
  readonly place: (node: FlowNode, target: Target) => void;
  readonly fill: (path: Path, data: Data) => void;
  readonly remove: (path: Path, what: 'block' | 'branch') => void;
  /** An action was chosen in the catalogue: it goes to the armed place, or below the selected block. */
  readonly choose: (module: string) => void;
  /** Gets ready to add below a block, or at the top for null. */
  readonly addBelow: (path: Path | null) => void;
  readonly showRun: (run: RunResult | null) => void;
}

export const DeskContext = createContext<Desk | null>(null);

/** The callflow on the desk. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('useDesk outside of a desk');
  return desk;
}
