import type { UserCase } from '../presence/resource.ts';
import type { Callflow } from './callflow.ts';
import type { Data } from './data.ts';
import type { Field } from './field.ts';
import type { Compile } from './pattern.ts';
import type { CallflowProblem } from './problem.ts';
import type { RunAnswer, RunEffect, Trigger } from './run.ts';
import type { ZoneClock } from './zone.ts';

/** Groups of the catalogue, in the order to show them. */
export const ACTION_GROUPS = ['Call', 'Branch', 'Advanced', 'Integration'] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** One way out of a block. */
export interface Exit {
  /** The key among the children; `_` is taken where the one wanted has no block. */
  readonly name: string;
  readonly label: string;
  /** Taken only where another exit has no block: nothing is lost when this one has none either. */
  readonly spare?: true;
}

/** The ways out of a block. */
export interface Exits {
  /** In the order to draw them; none and no further: the flow ends with this block. */
  readonly named: readonly Exit[];
  /** What an exit that people add is named after: `value of the variable`; null: they cannot add one. */
  readonly further: string | null;
}

/** An action as the catalogue shows it. */
export interface ActionInfo {
  readonly module: string;
  readonly title: string;
  readonly group: ActionGroup;
  /** What it does, one or two sentences for people. */
  readonly help: string;
  readonly fields: readonly Field[];
  /** The data of a new block. */
  readonly defaultData: Data;
  readonly exits: (data: Data) => Exits;
  /** One line that stands for the block on a diagram: `night: busy`; empty: the title says it all. */
  readonly caption: (data: Data) => string;
}

/** An action with what it does. All three functions are pure and never throw, whatever the data holds. */
export interface Action extends ActionInfo {
  /** What an administrator should know beyond what the fields themselves say. */
  readonly check?: (data: Data, around: BlockAround) => readonly BlockProblem[];
  /** The first move when a run reaches the block. */
  readonly begin: (block: Block) => Move;
  /** The move after what `begin` asked for has been answered; absent: the block asks nothing. */
  readonly resume?: (block: Block, answer: RunAnswer) => Move;
}

/** A problem of one block; the check adds where the block is. */
export type BlockProblem = Omit<CallflowProblem, 'path'>;

/** What the engine is told by the shell: grants, and the functions that pure code cannot have. */
export interface RunWorld {
  readonly zoneTime: ZoneClock;
  readonly compile: Compile;
  /** Realms besides its own that a callflow may read and set IDs in; `*`: any. */
  readonly grantedRealms: readonly string[];
  /** The realm that a domain name means (aliases); absent: the name itself in lower case. */
  readonly realmNamed?: (name: string) => string | null;
  /** Absent: insensitive. */
  readonly userCase?: UserCase;
}

/** What is around a block when it is checked. */
export interface BlockAround {
  readonly world: RunWorld;
  readonly callflow: Callflow;
  /** The other callflows of the realm. */
  readonly others: readonly Callflow[];
}

/** A block at work, as its action sees it. */
export interface Block {
  readonly data: Data;
  readonly world: RunWorld;
  /** ms since the epoch. */
  readonly now: number;
  readonly runId: string;
  readonly callflowId: string;
  readonly realm: string;
  readonly trigger: Trigger;
  readonly number: string;
  readonly caller: string;
  /** The longest capture of the pattern that matched, or null. */
  readonly capture: string | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly jumpsLeft: number;
  readonly sleepLeftMs: number;
  /** What `load-callflow` gave. */
  readonly loaded: Callflow | null;
}

/** What a block wants next. */
export type Move =
  /** Go on below an exit. */
  | {
      readonly kind: 'exit';
      readonly exit: string;
      readonly result: string;
      readonly failed?: true;
      readonly set?: { readonly name: string; readonly value: string };
    }
  /** Have something done; `resume` follows. */
  | { readonly kind: 'ask'; readonly effect: RunEffect }
  /** Go on with the first block of another callflow. */
  | { readonly kind: 'jump'; readonly callflow: Callflow; readonly result: string }
  /** The run ends here. */
  | {
      readonly kind: 'end';
      readonly result: string;
      readonly outcome?: 'answered' | 'failed' | 'too-long';
    };

const NEXT: Exits = { named: [{ name: '_', label: 'Then' }], further: null };
const NONE: Exits = { named: [], further: null };

/** The exits of an action that always goes on. */
export function oneExit(): Exits {
  return NEXT;
}

/** The exits of an action that ends the flow. */
export function noExit(): Exits {
  return NONE;
}

/** The move on when something went wrong in the block: the default exit, and the run is marked. */
export function failed(result: string): Move {
  return { kind: 'exit', exit: '_', result, failed: true };
}

/** The move on along the default exit. */
export function goOn(result: string): Move {
  return { kind: 'exit', exit: '_', result };
}
