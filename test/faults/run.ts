import { parseArgs } from 'node:util';
import type { Report } from './checker/orders.ts';
import { FAULTS } from './faults.ts';
import { type Ground, openStage } from './stage.ts';
import { strike } from './strike.ts';

const USAGE = `npm run faults -- [--subscriptions number] [--watchers number] [--changes number] [--refreshes number] [--pause seconds] [--ground name]
  --subscriptions  of all phones; 100,000 unless given
  --watchers       phones on each presence ID; 2 unless given
  --changes        per second through the API; 2,000 unless given
  --refreshes      per second; 100 unless given
  --pause          how long a process is stopped, in seconds; a cut is half as long; 30 unless given
  --ground         one of ${Object.keys(FAULTS).join(', ')}; all unless given
  --fault          part of a fault's name; all unless given`;

/** Hits a node with every fault at the sizes of the arguments; gives how many faults were not survived. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const sizes = {
    subscriptions: Number(values.subscriptions),
    watchers: Number(values.watchers),
    changes: Number(values.changes),
    refreshes: Number(values.refreshes),
  };
  const pauseSeconds = Number(values.pause);
  const grounds = (Object.keys(FAULTS) as Ground[]).filter((each) => (values.ground ?? each) === each);
  const numbers = [...Object.values(sizes), pauseSeconds];
  if (grounds.length === 0 || numbers.some((each) => !(each > 0))) throw new Error(USAGE);
  let failed = 0;
  for (const ground of grounds) {
    console.log(`${ground}: ${sizes.subscriptions} subscriptions`);
    await using stage = await openStage(ground, sizes);
    for (const fault of FAULTS[ground].filter(({ name }) => name.includes(values.fault))) {
      const missing = fault.missing?.(stage) ?? null;
      if (missing !== null) {
        console.log(`  skipped  ${fault.name}: ${missing}`);
        continue;
      }
      const report = await strike(stage, fault, { sizes, pause: pauseSeconds });
      if (report.count > 0) failed += 1;
      console.log(lineOf(fault.name, report));
    }
    await stage.checker.order({ kind: 'refresh all' });
    const report = stage.checker.report();
    if (report.count > 0) failed += 1;
    console.log(lineOf('refresh of every phone in its first dialog', report));
  }
  return failed;
}

const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
const OPTIONS = {
  subscriptions: text('100000'),
  watchers: text('2'),
  changes: text('2000'),
  refreshes: text('100'),
  pause: text('30'),
  fault: text(''),
  ground: { type: 'string' },
} as const;

function lineOf(name: string, report: Report): string {
  const { count, violations, lateMs, changes, refused, notifies, refreshes } = report;
  const seen = `${changes} changes (${refused} refused), ${notifies} NOTIFYs, ${refreshes} refreshes`;
  const right = `last lamp right ${(lateMs / 1000).toFixed(1)} s after`;
  if (count === 0) return `  ok       ${name}: ${right}; ${seen}`;
  return [`  FAILED   ${name}: ${count} violations; ${seen}`, ...violations].join('\n           ');
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
