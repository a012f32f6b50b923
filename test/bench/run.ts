import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { keepAwake } from './awake.ts';
import { withBlock } from './block.ts';
import { chartSvg } from './chart.ts';
import { comparison } from './comparison.ts';
import { type Contestant, PARTS } from './contestant.ts';
import { details, disturbance } from './details.ts';
import { type Figures, noFigures, windowsOf } from './figures.ts';
import { kamailio } from './kamailio.ts';
import { keep, withKept } from './kept-figures.ts';
import { lamplighter } from './lamplighter.ts';
import { measure } from './measure.ts';
import { nodeConstants } from './node-constants.ts';
import { writeConstants } from './paper/constants.ts';
import type { Measured } from './phase.ts';
import { speedPanels } from './speed-panels.ts';

const USAGE = `npm run bench -- [options]
  --rounds N     every window is measured N times, the contestants in turns; medians are printed (1)
  --seconds N    length of a window (4)
  --memory N     subscriptions for the rows of memory and growth (100000); 500000 takes some ten minutes more
  --parts LIST   only these of ${PARTS.join(',')}
  --only TEXT    only contestants whose name has TEXT in it; may be repeated
  --out FILE     writes the tables there, too
  --figures FILE keeps all figures there, and takes from there what this run leaves out: so a table can be measured in parts
  --readme       writes the tables into README.md and the chart to docs/speed.svg
  --awake        keeps the cores from sleeping: for virtual machines whose host is slow to wake them
environment: DRACHTIO_BIN, or DRACHTIO_HOST and DRACHTIO_SIP_PORT, for the drachtio edge;
BENCH_NODE_ARGS for the server's node, such as --cpu-prof`;

/** The workload of all NOTIFY figures, and the watchers of the one big change. */
const SUBSCRIPTIONS = 5_000;
const CROWD = 10_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '4' },
    memory: { type: 'string', default: '100000' },
    parts: { type: 'string', default: PARTS.join(',') },
    only: { type: 'string', multiple: true, default: [''] },
    out: { type: 'string', default: '' },
    figures: { type: 'string', default: '' },
    readme: { type: 'boolean', default: false },
    awake: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const OURS = lamplighter({ edge: 'embedded', store: 'redis' });
const DRACHTIO = lamplighter({ edge: 'drachtio', store: 'redis' });
const REFERENCE = kamailio('memory');
/** The two that are compared stand side by side: one is measured right after the other. */
const CONTESTANTS: readonly Contestant[] = [
  OURS,
  REFERENCE,
  lamplighter({ edge: 'embedded', store: 'sqlite' }),
  DRACHTIO,
  kamailio('redis'),
];

if (values.help) console.log(USAGE);
else await bench();

async function bench(): Promise<void> {
  const isWanted = ({ name }: Contestant) =>
    values.only.some((text) => name.toLowerCase().includes(text.toLowerCase()));
  const parts = values.parts.split(',');
  if (values.awake) keepAwake();
  const measured = await measure(CONTESTANTS.filter(isWanted), {
    subscriptions: SUBSCRIPTIONS,
    memorySubscriptions: Number(values.memory),
    crowd: CROWD,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    parts: PARTS.filter((part) => parts.includes(part)),
    pair: [OURS.name, REFERENCE.name],
    say: report,
    done: async (figures) => keep(values.figures, await withKept(values.figures, everyone(figures))),
  });
  const kept = await withKept(values.figures, everyone(measured));
  const all = kept.filter((figures) => isWanted(figures.contestant) || windowsOf(figures).length > 0);
  const figuresOf = (contestant: Contestant) =>
    all.find((figures) => figures.contestant.name === contestant.name) ?? noFigures(contestant);
  const reference = figuresOf(REFERENCE);
  const table = comparison({ ours: figuresOf(OURS), drachtio: figuresOf(DRACHTIO), reference });
  const text = [heading(all), '', ...table, '', ...details(all, reference)].join('\n');
  console.log(text);
  if (values.out !== '') await writeFile(values.out, `${text}\n`);
  if (!values.readme) return;
  await writeReadme(all, reference, [heading(all), '', ...table].join('\n'));
  await keepConstants(figuresOf(OURS));
}

/** With those that were not measured now: an earlier run may have been about them. */
function everyone(measured: readonly Figures[]): readonly Figures[] {
  return CONTESTANTS.map(
    (contestant) =>
      measured.find((figures) => figures.contestant.name === contestant.name) ?? noFigures(contestant),
  );
}

async function writeReadme(all: readonly Figures[], reference: Figures, text: string): Promise<void> {
  const root = new URL('../../', import.meta.url);
  const caption = `${today()}. Paler: Redis and drachtio-server beside it. Shorter is better.`;
  await writeFile(new URL('docs/speed.svg', root), chartSvg(speedPanels(all, reference), caption));
  const readme = new URL('README.md', root);
  await writeFile(readme, withBlock(await readFile(readme, 'utf8'), 'speed', text));
}

/** What `npm run bench:paper` reckons with; a run that left something out changes nothing there. */
async function keepConstants(ours: Figures): Promise<void> {
  const node = nodeConstants(ours, today());
  if (node !== null) await writeConstants({ machine: machine(), node });
}

/** What a reader must know to judge a window. */
function report({ name }: Contestant, what: string, measured: Measured | null): void {
  if (measured === null) {
    console.error(`${name}: ${what}`);
    return;
  }
  const { operations, seconds, cpu, repeated, lost, notifyOctets, ms } = measured;
  const used = Object.entries(cpu).map(([process, us]) => `${process} ${us.toFixed(1)} us`);
  const waits = Object.entries(ms)
    .filter(([, { most }]) => most > 0)
    .map(([timed, { p50, p99 }]) => `${timed} ${p50.toFixed(1)} / ${p99.toFixed(1)} ms`);
  const figures = [`${Math.round(operations / seconds)}/s`, ...used, ...waits].join(', ');
  const doubt = `sent again ${repeated}, late, refused or lost ${lost}, phones ${percent(measured.phonesBusy)} busy, machine ${percent(measured.disturbed)} disturbed`;
  console.error(`${name}: ${what}: ${figures}, NOTIFY of ${Math.round(notifyOctets)} octets, ${doubt}`);
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
}

function heading(all: readonly Figures[]): string {
  return [
    `${today()}, ${machine()}, Node ${process.versions.node}; one core for the server, one for`,
    `the phones and Redis (AOF, everysec), UDP on loopback, all timers live; ${SUBSCRIPTIONS.toLocaleString('en')} subscriptions, NOTIFYs of`,
    'about 900 octets, every one answered; CPU is user and system time of the whole server process, from /proc, in us;',
    `medians of ${values.rounds}, ratios window by window; ${values.awake ? 'the cores kept awake; ' : ''}${disturbance(all)}.`,
  ].join('\n');
}
