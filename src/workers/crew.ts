import type { Siblings } from '../ports/siblings.ts';
import type { Moved, Question } from './message.ts';

/** The workers of a machine, as one of them sees them. */
export interface Crew {
  /** The number of this worker, from 1. */
  readonly worker: number;
  readonly siblings: Siblings;
  /** The UDP port that all of them share. */
  readonly udpPort: number;
  /** Asks all workers, this one too; null stands for one that gives no answer within a second. */
  ask(question: Question): Promise<readonly unknown[]>;
  /** Tells the worker that is this node that it has a subscription no longer; nothing for a node of another machine. */
  tellMoved(owner: string, moved: Moved): void;
  /** From now on `forget` is told what others have taken from this worker. */
  onMoved(forget: (moved: Moved) => void): void;
  /** From now on `give` answers a question that any worker asks. What it gives goes through JSON. */
  answer(question: Question, give: () => unknown): void;
}
