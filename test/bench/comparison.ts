import { type Changes, changesWith, cpuOf, type Figures, median, ratioOf } from './figures.ts';
import { markdownTable, number, times } from './markdown.ts';
import type { Measured, Spread, Timed } from './phase.ts';

/** Whom the comparison is about. */
export interface Compared {
  /** Embedded edge and Redis: what the targets are set for. */
  readonly ours: Figures;
  readonly drachtio: Figures;
  /** In-memory Kamailio. */
  readonly reference: Figures;
}

interface Row {
  readonly what: string;
  readonly ours: string;
  readonly theirs?: string;
  readonly ratio?: number;
  readonly target?: string;
  /** Null: nothing was measured, or there is no target. */
  readonly met?: boolean | null;
}

/** What issue 5 asks for: each figure of ours beside the reference's, the ratio, the target, and whether it is met. */
export function comparison(compared: Compared): readonly string[] {
  const { ours, reference } = compared;
  const rows = [
    ...[100, 50, 1].map((watchers) => notifyRow(compared, watchers)),
    cpuRow('new SUBSCRIBE with 200, first NOTIFY and its 200, us', compared, (figures) => figures.subscribe),
    cpuRow('refresh with its NOTIFY, us', compared, (figures) => figures.refresh),
    { what: 'one change by HTTP PUT (PUBLISH) that nobody watches, us', ...both(compared, apiCell) },
    ...memoryRows(ours, reference),
    latencyRow(compared),
    {
      what: 'the same until the last NOTIFY, p50 / p99',
      ...both(compared, (figures) => spreadCell(halfOf(figures), 'last')),
    },
    crowdRow(compared),
    { what: 'meanwhile a small change waited, p50 / longest, ms', ...both(compared, besideCell) },
    ...drachtioRows(compared),
    // What was left out has no row.
  ].filter(({ ours: own, theirs }: Row) => own !== '' || (theirs ?? '') !== '');
  const columns = ['what', ours.contestant.name, reference.contestant.name, 'ratio', 'target', ''];
  return markdownTable(
    columns,
    rows.map(({ what, ours: own, theirs, ratio, target, met }) => [
      what,
      own,
      theirs ?? '',
      ratio === undefined ? '' : times(ratio),
      target ?? '',
      met === undefined || met === null ? '' : met ? 'met' : '**missed**',
    ]),
  );
}

/** The CPU of the server, and that of the processes beside it, for each operation. */
export function cpuCell(figures: Figures, measured: readonly Measured[] | undefined): string {
  if (measured === undefined || measured.length === 0) return '';
  const names = Object.keys(measured[0]?.cpu ?? {}).filter((name) => name !== figures.server);
  const cpu = (name: string) => number(median(measured.map((each) => each.cpu[name] ?? 0)));
  const beside = names.map((name) => `${name} ${cpu(name)}`);
  return beside.length === 0 ? cpu(figures.server) : `${cpu(figures.server)} (+ ${beside.join(', ')})`;
}

/** NOTIFYs or others per second. */
export function rateOf(measured: readonly Measured[] | undefined): number {
  return median((measured ?? []).map(({ operations, seconds }) => operations / seconds));
}

/** p50 and p99 in ms, medians over the rounds. */
export function spreadCell(measured: readonly Measured[] | undefined, timed: Timed): string {
  const p50 = spreadOf(measured, timed, 'p50');
  if (Number.isNaN(p50)) return '';
  return `${number(p50, 1)} / ${number(spreadOf(measured, timed, 'p99'), 1)}`;
}

function spreadOf(measured: readonly Measured[] | undefined, timed: Timed, part: keyof Spread): number {
  return median((measured ?? []).map(({ ms }) => ms[timed][part]));
}

function both(
  { ours, reference }: Compared,
  cell: (figures: Figures) => string,
): { readonly ours: string; readonly theirs: string } {
  return { ours: cell(ours), theirs: cell(reference) };
}

function isMost(value: number, most: number): boolean | null {
  return Number.isNaN(value) ? null : value <= most;
}

function cpuRow(
  what: string,
  compared: Compared,
  phase: (figures: Figures) => readonly Measured[] | undefined,
  most = 1,
): Row {
  const { ours, reference } = compared;
  const ratio = ratioOf(cpuOf(ours, phase(ours)), cpuOf(reference, phase(reference)));
  const cells = both(compared, (figures) => cpuCell(figures, phase(figures)));
  return { what, ...cells, ratio, target: `at most ${most} x`, met: isMost(ratio, most) };
}

function notifyRow(compared: Compared, watchers: number): Row {
  const phase = (figures: Figures) => changesWith(figures, watchers)?.same;
  const rate = rateOf(phase(compared.ours));
  const at = Number.isNaN(rate) ? '' : `, at ${number(Math.round(rate / 100) * 100)}/s`;
  const what = `NOTIFY with its 200, ${watchers} ${watchers === 1 ? 'watcher' : 'watchers'} for each change${at}, us`;
  const row = cpuRow(what, compared, phase, 0.5);
  if (watchers === 100) return row;
  const { target: _, met: __, ...untargeted } = row;
  return untargeted;
}

function apiCell(figures: Figures): string {
  return cpuCell(figures, figures.api);
}

function memoryRows(ours: Figures, reference: Figures): readonly Row[] {
  const many = ours.many ?? reference.many;
  if (many === null) return [];
  const octets = ours.many?.octets[ours.server] ?? Number.NaN;
  const theirs = reference.many?.octets[reference.server] ?? Number.NaN;
  const growth = growthOf(ours);
  const count = number(many.subscriptions);
  return [
    {
      what: `memory for each subscription, with ${count}, octets`,
      ours: octetsCell(ours),
      theirs: octetsCell(reference),
      ratio: octets / theirs,
      target: 'at most 2,048',
      met: isMost(octets, 2048),
    },
    {
      what: `CPU for each NOTIFY with ${count} subscriptions, over that with 5,000`,
      ours: times(growth),
      theirs: times(growthOf(reference)),
      target: 'at most 1.3 x, at 500,000',
      met: isMost(growth, 1.3),
    },
  ];
}

function octetsCell({ many, server }: Figures): string {
  if (many === null) return '';
  const redis = many.octets.redis;
  const own = number(many.octets[server] ?? Number.NaN);
  return redis === undefined ? own : `${own} (+ redis ${number(redis)})`;
}

function growthOf(figures: Figures): number {
  return ratioOf(cpuOf(figures, figures.many?.many), cpuOf(figures, figures.many?.few));
}

function halfOf(figures: Figures): readonly Measured[] | undefined {
  return changesWith(figures, 100)?.half;
}

function latencyRow(compared: Compared): Row {
  const p50 = spreadOf(halfOf(compared.ours), 'first', 'p50');
  const p99 = spreadOf(halfOf(compared.ours), 'first', 'p99');
  return {
    what: 'from asking for a change to its first NOTIFY at the phone, half load, p50 / p99, ms',
    ...both(compared, (figures) => spreadCell(halfOf(figures), 'first')),
    target: 'under 1 / 5',
    met: Number.isNaN(p50) ? null : p50 < 1 && p99 < 5,
  };
}

function crowdRow(compared: Compared): Row {
  const last = spreadOf(compared.ours.crowd, 'last', 'p50');
  return {
    what: 'one change to 10,000 watchers, until the last NOTIFY, ms',
    ...both(compared, (figures) => number(spreadOf(figures.crowd, 'last', 'p50'))),
    target: 'at most 400',
    met: isMost(last, 400),
  };
}

function besideCell(figures: Figures): string {
  const p50 = spreadOf(figures.crowd, 'beside', 'p50');
  return Number.isNaN(p50) ? '' : `${number(p50)} / ${number(spreadOf(figures.crowd, 'beside', 'most'))}`;
}

function drachtioRows({ drachtio }: Compared): readonly Row[] {
  const changes: Changes | null = changesWith(drachtio, 100);
  if (changes === null) return [];
  const notify = median(cpuOf(drachtio, changes.same));
  const subscribe = median(cpuOf(drachtio, drachtio.subscribe));
  const busy = median(changes.most.map(({ busiest }) => busiest.drachtio ?? Number.NaN));
  return [
    {
      what: 'drachtio edge, NOTIFY, us',
      ours: cpuCell(drachtio, changes.same),
      target: 'at most 75',
      met: isMost(notify, 75),
    },
    {
      what: 'drachtio edge, new SUBSCRIBE, us',
      ours: cpuCell(drachtio, drachtio.subscribe),
      target: 'at most 450',
      met: isMost(subscribe, 450),
    },
    {
      what: "drachtio edge, NOTIFYs a second, and how much of what drachtio-server's SIP thread can take that is",
      ours: Number.isNaN(busy)
        ? number(rateOf(changes.most))
        : `${number(rateOf(changes.most))} (${number(100 * busy)} %)`,
      target: 'at least 95 %',
      met: Number.isNaN(busy) ? null : busy >= 0.95,
    },
  ];
}
