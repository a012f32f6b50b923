import { parseArgs } from 'node:util';
import { growthOf, soak } from './soak.ts';

const USAGE = `npm run soak -- [--minutes time] [--subscriptions number] [--watchers number] [--changes number]
  --minutes        after a warm-up of a tenth of that, longer when NOTIFYs are few; 60 unless given
  --subscriptions  10,000 unless given
  --watchers       phones on each presence ID; 10 unless given
  --changes        per second; 100 unless given, with 10 watchers 1,000 NOTIFYs a second`;
/** Memory may grow by so much: issue 5. */
const FLAT = 0.05;
/**
 * NOTIFYs after which the room that a load needs is taken: 162 MB of RSS at the start, 368 under 1,000 NOTIFYs a second
 * (10,000 subscriptions). 77 of them are V8's young generation (30, then 107: it doubles while much survives, up to its
 * bound, and is given back when the collector finds rest, or not), 66 old space, 57 the C heap, which glibc keeps: buffers
 * wait in it for a full collection. 125,000 NOTIFYs after the load began all of it was there, and 0.1 MB came in the next
 * minute; with 2,000 subscriptions and 250 NOTIFYs a second it took 120,000. So this is twice that.
 */
const WARM_NOTIFIES = 240_000;

async function main(): Promise<boolean> {
  const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
  const { values } = parseArgs({
    options: {
      minutes: text('60'),
      subscriptions: text('10000'),
      watchers: text('10'),
      changes: text('100'),
    },
  });
  const [minutes, subscriptions] = [Number(values.minutes), Number(values.subscriptions)];
  const [watchers, changes] = [Number(values.watchers), Number(values.changes)];
  if ([minutes, subscriptions, watchers, changes].some((each) => !(each > 0))) throw new Error(USAGE);
  const sizes = { subscriptions, watchers, changes, refreshes: Math.ceil(subscriptions / 1200) };
  const seconds = minutes * 60;
  const warmSeconds = Math.max(seconds / 10, WARM_NOTIFIES / (watchers * changes));
  const soaked = await soak({ sizes, warmSeconds, seconds, samples: 30 }, (octets) => {
    console.log(`RSS under load ${megabytes(octets)} MB`);
  });
  const { before, after, report } = soaked;
  const [rss, heap] = [growthOf(soaked, 'rss'), growthOf(soaked, 'heap')];
  console.log('At rest, after the warm-up and at the end:');
  for (const sample of [before, after])
    console.log(`RSS ${megabytes(sample.rss)} MB, heap ${megabytes(sample.heap)} MB`);
  console.log(`RSS ${percent(rss)}, heap ${percent(heap)}; ${JSON.stringify(report)}`);
  return rss <= FLAT && heap <= FLAT && report.count === 0;
}

function megabytes(octets: number): string {
  return (octets / 1024 / 1024).toFixed(1);
}

function percent(part: number): string {
  return `${part < 0 ? '' : '+'}${(100 * part).toFixed(1)} %`;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
