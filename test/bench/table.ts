import type { Contestant } from './contestant.ts';
import type { Changes, Figures } from './figures.ts';
import type { Measured } from './phase.ts';

/** A contestant with what its rounds have given; no rounds: it was missing. */
export interface Entry {
  readonly contestant: Contestant;
  readonly rounds: readonly Figures[];
}

/** The results in Markdown: medians over the rounds. `reference` is the name that ratios refer to. */
export function tableText(entries: readonly Entry[], reference: string): string {
  const base = entries.find(({ contestant }) => contestant.name === reference);
  const [first, ...others] = [100, 50, 1];
  return [
    ...mainTable(entries, base, first ?? 100),
    '',
    ...others.flatMap((watchers) => [...changesTable(entries, watchers), '']),
    ...entries.map((entry) => `- ${entry.contestant.name}: ${entry.contestant.note}${disturbance(entry)}.`),
  ].join('\n');
}

function mainTable(entries: readonly Entry[], base: Entry | undefined, watchers: number): readonly string[] {
  const columns = [
    'server',
    'NOTIFY/s at most',
    'CPU us per NOTIFY',
    'to Kamailio',
    'CPU us per new SUBSCRIBE',
    'CPU us per refresh',
    'lamp latency at half load, p50 / p99 ms',
    'bytes per subscription',
  ];
  const baseCpu = base === undefined ? Number.NaN : cpuPerNotify(base, watchers);
  const row = (entry: Entry): readonly string[] => [
    entry.contestant.name,
    ...changeCells(entry, watchers),
    ratio(cpuPerNotify(entry, watchers) / baseCpu),
    withOthers(entry, (figures) => figures.subscribe),
    withOthers(entry, (figures) => figures.refresh),
    latency(entry, watchers),
    memory(entry),
  ];
  return table(columns, entries, row);
}

function changesTable(entries: readonly Entry[], watchers: number): readonly string[] {
  const columns = [
    `server, ${watchers} ${watchers === 1 ? 'watcher' : 'watchers'} for each change`,
    'NOTIFY/s at most',
    'CPU us per NOTIFY',
    'lamp latency at half load, p50 / p99 ms',
  ];
  return table(columns, entries, (entry) => [
    entry.contestant.name,
    ...changeCells(entry, watchers),
    latency(entry, watchers),
  ]);
}

function table(
  columns: readonly string[],
  entries: readonly Entry[],
  row: (entry: Entry) => readonly string[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = entries.map((entry) =>
    entry.rounds.length > 0 ? row(entry) : [entry.contestant.name, `missing: ${entry.contestant.missing}`],
  );
  const filled = rows.map((cells) => [...cells, ...columns.slice(cells.length).map(() => '')]);
  return [line(columns), line(columns.map(() => '---')), ...filled.map(line)];
}

function changeCells(entry: Entry, watchers: number): readonly [string, string] {
  const most = median(entry, (figures) => perSecond(changesOf(figures, watchers).most));
  const busy = median(entry, (figures) => changesOf(figures, watchers).most.phonesBusy);
  const rate = median(entry, (figures) => perSecond(changesOf(figures, watchers).same));
  // The phones are Node as well: where they had no time left, the server could have done more.
  const bound = busy > 0.9 ? ' (the phones were at their limit)' : '';
  const cpu = withOthers(entry, (figures) => changesOf(figures, watchers).same);
  return [whole(most) + bound, `${cpu} at ${whole(Math.round(rate / 100) * 100)}/s`];
}

function cpuPerNotify(entry: Entry, watchers: number): number {
  return median(entry, (figures) => cpuOf(figures, changesOf(figures, watchers).same));
}

/** The CPU of the server, and that of the processes beside it. */
function withOthers(entry: Entry, phase: (figures: Figures) => Measured): string {
  const server = entry.rounds[0]?.server ?? '';
  const names = Object.keys(entry.rounds[0]?.subscribe.cpu ?? {}).filter((name) => name !== server);
  const cpu = (name: string) => whole(median(entry, (figures) => phase(figures).cpu[name] ?? 0));
  const beside = names.map((name) => `${name} ${cpu(name)}`);
  return beside.length === 0 ? cpu(server) : `${cpu(server)} (+ ${beside.join(', ')})`;
}

function latency(entry: Entry, watchers: number): string {
  const p50 = median(entry, (figures) => changesOf(figures, watchers).half.p50);
  const p99 = median(entry, (figures) => changesOf(figures, watchers).half.p99);
  return `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
}

function memory(entry: Entry): string {
  const measured = entry.rounds.filter((figures) => figures.bytesPerSubscription !== null);
  if (measured.length === 0) return '';
  return whole(median({ ...entry, rounds: measured }, (figures) => figures.bytesPerSubscription ?? 0));
}

function changesOf({ changes }: Figures, watchers: number): Changes {
  const found = changes.find((each) => each.watchers === watchers);
  if (found === undefined) throw new Error(`Cannot print: nothing was measured with ${watchers} watchers`);
  return found;
}

function cpuOf({ server }: Figures, { cpu }: Measured): number {
  return cpu[server] ?? 0;
}

function perSecond({ operations, seconds }: Measured): number {
  return operations / seconds;
}

function median(entry: Entry, value: (figures: Figures) => number): number {
  const sorted = entry.rounds.map(value).sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** How far the figures can be trusted: other work on the machine makes each of them worse. */
function disturbance(entry: Entry): string {
  if (entry.rounds.length === 0) return '';
  const disturbed = median(entry, ({ changes, subscribe, refresh }) => {
    const phases = [subscribe, refresh, ...changes.flatMap(({ most, same, half }) => [most, same, half])];
    return phases.reduce((sum, phase) => sum + phase.disturbed, 0) / phases.length;
  });
  return `; other work and the host took ${whole(100 * disturbed)} % of the machine meanwhile`;
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '' : `${value.toFixed(2)} x`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
