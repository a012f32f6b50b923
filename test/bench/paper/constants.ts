import { readFile, writeFile } from 'node:fs/promises';

/** What one operation costs Redis. */
export interface Cost {
  /** CPU of its main thread, in microseconds. */
  readonly us: number;
  /** Commands, those inside scripts too. */
  readonly commands: number;
  /** On the wire. */
  readonly octetsIn: number;
  readonly octetsOut: number;
}

/** What a node uses, by `npm run bench`: CPU in microseconds, memory in octets. */
export interface NodeConstants {
  readonly date: string;
  readonly notifyUs: number;
  readonly subscribeUs: number;
  readonly refreshUs: number;
  /** A change by HTTP PUT, without its NOTIFYs. */
  readonly changeUs: number;
  readonly octetsPerSubscription: number;
}

/** What Redis is asked for, by `npm run bench:paper -- --measure`. */
export interface RedisConstants {
  readonly date: string;
  readonly subscribe: Cost;
  readonly refresh: Cost;
  readonly change: Cost;
  /** The progress of one subscription, in a script of its own: on a Cluster few of them share a bucket. */
  readonly checkpoint: Cost;
  /** One board of many that are read together. */
  readonly read: Cost;
  /** A plain command in a pipeline that finds nothing. */
  readonly plain: Cost;
  /** An announcement that is handed to one more node. */
  readonly delivery: Cost;
  /** CPU of a node that hears an announcement, whether or not it watches the board. */
  readonly heardUs: number;
  /** Octets in Redis for each subscription: record, indexes; and for each board. */
  readonly octetsPerSubscription: number;
  readonly octetsPerBoard: number;
}

export interface Constants {
  readonly machine: string;
  readonly node: NodeConstants;
  readonly redis: RedisConstants;
}

const FILE = new URL('./constants.json', import.meta.url);

/** The constants that were measured last. */
export async function readConstants(): Promise<Constants> {
  // Written by `writeConstants` alone.
  return JSON.parse(await readFile(FILE, 'utf8')) as Constants;
}

/** Keeps what was measured now, beside what was measured before. */
export async function writeConstants(some: Partial<Constants>): Promise<void> {
  const all = { ...(await readConstants()), ...some };
  await writeFile(FILE, `${JSON.stringify(all, rounded, 2)}\n`);
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(10 * value) / 10 : value;
}
