import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';

/** The parts of the program that log under their own name. */
const SUBSYSTEMS = ['server', 'notifier', 'edge', 'store', 'http'] as const;
export type Subsystem = (typeof SUBSYSTEMS)[number];

/** One logger for each part. */
export type Log = Readonly<Record<Subsystem, Logger>>;

export interface LogOptions {
  /** Least level that is written: `fatal` to `trace`, or `silent`. */
  readonly level: string;
  /** Which worker it is that logs; absent: a process that is alone. */
  readonly worker?: number;
  /** Absent: standard error, so that standard output stays for people. */
  readonly to?: DestinationStream;
}

/** Loggers that write one JSON object a line. Tokens and secrets are blotted out wherever they stand. */
export function createLog({ level, worker, to = destination({ fd: 2, sync: false }) }: LogOptions): Log {
  const base = worker === undefined ? null : { worker };
  const root = pino({ level, base, timestamp: stdTimeFunctions.isoTime, redact: [...REDACTED] }, to);
  const named = SUBSYSTEMS.map((part) => [part, root.child({ part })] as const);
  return Object.fromEntries(named) as Record<Subsystem, Logger>;
}

const REDACTED = ['token', 'secret', 'authorization', 'password'].flatMap((name) => [name, `*.${name}`]);
