import { parseArgs } from 'node:util';
import { growthOf, type MemorySample, soak } from './soak.ts';

const USAGE = `npm run soak -- [--minutes time] [--subscriptions number] [--watchers number] [--changes number]
  --minutes        after a warm-up of a tenth of that, longer when NOTIFYs are few; 60 unless given
  --subscriptions  10,000 unless given
  --watchers       phones on each presence ID; 10 unless given
  --changes        per second; 100 unless given, with 10 watchers 1,000 NOTIFYs a second`;
/** Memory may grow by so much: issue 5. */
const FLAT = 0.05;
/**
 * NOTIFYs after which RSS stands: what comes until then is the room that V8 takes for a load, not what the node holds. Of
 * 162 MB at the start and 368 under 1,000 NOTIFYs a second (10,000 subscriptions), 77 are the young generation (30, then
 * 107: it doubles while much survives, up to its bound), 66 old space, and 57 the C heap, with buffers that wait for a full
 * collection in it. 125,000 NOTIFYs after the load began all of it was there, and 0.1 MB came in the minute after; with
 * 2,000 subscriptions and 250 NOTIFYs a second it took 120,000. So this is twice that.
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
  const soaked = await soak({ sizes, warmSeconds, seconds, samples: 30 }, tell);
  const { before, after, report } = soaked;
  const [rss, heap] = [growthOf(soaked, 'rss'), growthOf(soaked, 'heap')];
  console.log('At rest, after the warm-up and at the end:');
  for (const sample of [before, after]) tell(sample);
  console.log(`RSS ${percent(rss)}, heap ${percent(heap)}; ${JSON.stringify(report)}`);
  return rss <= FLAT && heap <= FLAT && report.count === 0;
}

function tell({ rss, heap }: MemorySample): void {
  console.log(`RSS ${megabytes(rss)} MB, heap ${megabytes(heap)} MB`);
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
