import { cpuCell, rateOf, spreadCell } from './comparison.ts';
import { changesWith, cpuOf, type Figures, median, ratioOf, windowsOf } from './figures.ts';
import { markdownTable, number, times } from './markdown.ts';

/** Every contestant with 100, 50 and 1 watchers, and how it was run. */
export function details(all: readonly Figures[], reference: Figures): readonly string[] {
  const measured = [100, 50, 1].filter((watchers) =>
    all.some((figures) => changesWith(figures, watchers) !== null),
  );
  return [
    ...measured.flatMap((watchers) => [...changesTable(all, reference, watchers), '']),
    ...all.map((figures) => {
      const { name, note } = figures.contestant;
      return `- ${[`${name}: ${note}`, disturbance([figures])].filter((part) => part !== '').join('; ')}.`;
    }),
  ];
}

function changesTable(all: readonly Figures[], reference: Figures, watchers: number): readonly string[] {
  const columns = [
    `server, ${watchers} ${watchers === 1 ? 'watcher' : 'watchers'} for each change`,
    'NOTIFY/s at most',
    'CPU us per NOTIFY',
    'to Kamailio',
    'half load: first NOTIFY, p50 / p99 ms',
    'last NOTIFY',
    ...(watchers === 100 ? ['CPU us per SUBSCRIBE', 'per refresh'] : []),
  ];
  const base = cpuOf(reference, changesWith(reference, watchers)?.same);
  const rows = all.map((figures) => {
    const { contestant } = figures;
    if (contestant.missing !== null) return [contestant.name, `missing: ${contestant.missing}`];
    const changes = changesWith(figures, watchers);
    if (changes === null) return [contestant.name];
    const cpu = cpuCell(figures, changes.same);
    return [
      contestant.name,
      mostCell(figures, watchers),
      `${cpu} at ${number(Math.round(rateOf(changes.same) / 100) * 100)}/s`,
      times(ratioOf(cpuOf(figures, changes.same), base)),
      spreadCell(changes.half, 'first'),
      spreadCell(changes.half, 'last'),
      ...(watchers === 100 ? [cpuCell(figures, figures.subscribe), cpuCell(figures, figures.refresh)] : []),
    ];
  });
  return markdownTable(columns, rows);
}

function mostCell(figures: Figures, watchers: number): string {
  const most = changesWith(figures, watchers)?.most ?? [];
  // The phones are Node as well: where they had no time left, the server could have done more.
  const bound =
    median(most.map(({ phonesBusy }) => phonesBusy)) > 0.9 ? ' (the phones were at their limit)' : '';
  return number(rateOf(most)) + bound;
}

/** How far figures can be trusted: other work on the machine makes each of them worse; '' without any. */
export function disturbance(all: readonly Figures[]): string {
  const parts = all.flatMap(windowsOf).map(({ disturbed }) => 100 * disturbed);
  if (parts.length === 0) return '';
  const most = number(Math.max(...parts));
  return `other work and the host took ${number(median(parts))} % of the machine meanwhile, in the worst window ${most} %`;
}
