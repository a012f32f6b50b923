import type { Config } from '../config.ts';
import type { FaultCode } from '../errors.ts';
import type { ListenPoint } from '../ports/edge.ts';

/** What is asked of all workers at once. */
export type Question = 'metrics' | 'health';

/** What a worker must know before it starts. */
export interface WorkerOrders {
  readonly worker: number;
  /** The same for all: `nodeId` is the machine's. */
  readonly config: Config;
  /** The UDP port of all workers: `config` may leave the choice to the system. */
  readonly udpPort: number;
  /** What the workers know each other by, as hex. */
  readonly secret: string;
}

/** What the primary says to a worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly orders: WorkerOrders }
  /** Where datagrams for each worker are passed on to: a port of the loopback address by number. */
  | { readonly kind: 'lanes'; readonly ports: Readonly<Record<string, number>> }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  /** All answers to a question of this worker; null for a worker that gave none. */
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly unknown[] }
  | { readonly kind: 'reload' }
  | { readonly kind: 'stop' };

/** What a worker has opened. */
export interface WorkerUp {
  readonly edge: readonly ListenPoint[];
  readonly http: { readonly address: string; readonly port: number };
  readonly takenUp: number;
}

/** What a worker says to the primary. */
export type ToPrimary =
  | { readonly kind: 'alive' }
  | { readonly kind: 'lane'; readonly port: number }
  | { readonly kind: 'up'; readonly up: WorkerUp }
  | { readonly kind: 'fault'; readonly code: FaultCode; readonly message: string }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown };
