import type { Siblings } from '../ports/siblings.ts';
import type { Question } from './message.ts';

/** The workers of a machine, as one of them sees them. */
export interface Crew {
  /** The number of this worker, from 1. */
  readonly worker: number;
  readonly siblings: Siblings;
  /** The UDP port that all of them share. */
  readonly udpPort: number;
  /** Asks all workers, this one too; null stands for one that gives no answer within a second. */
  ask(question: Question): Promise<readonly unknown[]>;
  /** From now on `give` answers a question that any worker asks. What it gives goes through JSON. */
  answer(question: Question, give: () => unknown): void;
}
