import type { Contestant } from './contestant.ts';
import type { Measured } from './phase.ts';

/** What one workload of changes has given, one entry for each round. */
export interface Changes {
  readonly watchers: number;
  /** As fast as the server goes. */
  readonly most: Measured[];
  /** At the rate that all contestants get which can bear it. */
  readonly same: Measured[];
  /** At half of its own `most`. */
  readonly half: Measured[];
}

/** What many subscriptions cost. */
export interface Many {
  readonly subscriptions: number;
  /** Octets for each subscription, by name of the process. */
  readonly octets: Readonly<Record<string, number>>;
  /** NOTIFYs with a few subscriptions and with many, at the same rate, one window after the other. */
  readonly few: Measured[];
  readonly many: Measured[];
}

/** All that was measured of one contestant; lists have one entry for each round, and none if it was left out. */
export interface Figures {
  readonly contestant: Contestant;
  /** The name of the process whose figures count. */
  server: string;
  /** Changes that nobody watches. */
  readonly api: Measured[];
  readonly subscribe: Measured[];
  readonly refresh: Measured[];
  readonly changes: Changes[];
  readonly crowd: Measured[];
  many: Many | null;
}

export function noFigures(contestant: Contestant): Figures {
  const none = { api: [], subscribe: [], refresh: [], changes: [], crowd: [] };
  return { contestant, server: '', ...none, many: null };
}

/** The changes with that many watchers; null if they were not measured. */
export function changesWith({ changes }: Figures, watchers: number): Changes | null {
  return changes.find((each) => each.watchers === watchers) ?? null;
}

/** CPU of the contestant's own process in microseconds for each operation, round by round. */
export function cpuOf({ server }: Figures, measured: readonly Measured[] | undefined): readonly number[] {
  return (measured ?? []).map(({ cpu }) => cpu[server] ?? 0);
}

/** NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The median of the ratios of each round: what disturbs a round disturbs both of its windows. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** Every window that was measured. */
export function windowsOf({ api, subscribe, refresh, changes, crowd, many }: Figures): readonly Measured[] {
  const ofChanges = changes.flatMap(({ most, same, half }) => [...most, ...same, ...half]);
  return [
    ...api,
    ...subscribe,
    ...refresh,
    ...ofChanges,
    ...crowd,
    ...(many?.few ?? []),
    ...(many?.many ?? []),
  ];
}
