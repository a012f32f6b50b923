import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figures, type Method, measure } from './figures.ts';
import { kamailio } from './kamailio.ts';
import { lamplighter } from './lamplighter.ts';
import type { Measured } from './phase.ts';
import { type Entry, tableText } from './table.ts';

const USAGE = `npm run bench -- [options]
  --rounds N     every contestant is measured N times, in turns; medians are printed (1)
  --seconds N    length of each measured window (8)
  --memory N     subscriptions for the memory row, 0 for none (100000)
  --only TEXT    only contestants whose name has TEXT in it
  --out FILE     writes the tables there, too
environment: DRACHTIO_BIN, or DRACHTIO_HOST and DRACHTIO_SIP_PORT, for the drachtio edge;
BENCH_NODE_ARGS for the server's node, such as --cpu-prof`;

/** The workload of all NOTIFY figures. */
const SUBSCRIPTIONS = 5_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '8' },
    memory: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

const REFERENCE = kamailio();
const CONTESTANTS = [
  lamplighter({ edge: 'embedded', store: 'sqlite' }),
  lamplighter({ edge: 'embedded', store: 'redis' }),
  lamplighter({ edge: 'drachtio', store: 'redis' }),
  REFERENCE,
].filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));

if (values.help) console.log(USAGE);
else await bench();

async function bench(): Promise<void> {
  const entries: (Entry & { readonly rounds: Figures[] })[] = CONTESTANTS.map((contestant) => ({
    contestant,
    rounds: [],
  }));
  // In turns, so that whatever else this machine does at some time hits all of them.
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const { contestant, rounds } of entries) {
      if (contestant.missing !== null) continue;
      const say = (what: string) => console.error(`round ${round}, ${contestant.name}: ${what}`);
      const figures = await measure(contestant, methodOf(say));
      report(figures, say);
      rounds.push(figures);
    }
  }
  const text = `${heading()}\n\n${tableText(entries, REFERENCE.name)}\n`;
  console.log(text);
  if (values.out !== '') await writeFile(values.out, text);
}

function methodOf(say: (what: string) => void): Method {
  const { seconds, memory } = values;
  return {
    subscriptions: SUBSCRIPTIONS,
    memorySubscriptions: Number(memory),
    seconds: Number(seconds),
    say,
  };
}

/** What a reader must know to judge a round. */
function report(figures: Figures, say: (what: string) => void): void {
  const phases: readonly (readonly [string, Measured])[] = [
    ['subscribe', figures.subscribe],
    ['refresh', figures.refresh],
    ...figures.changes.flatMap(({ watchers, most, same, half }) => [
      [`${watchers} watchers, as fast as it goes`, most] as const,
      [`${watchers} watchers, at the common rate`, same] as const,
      [`${watchers} watchers, at half load`, half] as const,
    ]),
  ];
  for (const [name, measured] of phases) {
    const { operations, seconds, cpu, repeated, lost, notifyOctets } = measured;
    const used = Object.entries(cpu).map(([process, us]) => `${process} ${us.toFixed(1)} us`);
    const rate = `${Math.round(operations / seconds)}/s`;
    const doubt = `sent again ${repeated}, late, refused or lost ${lost}, phones ${percent(measured.phonesBusy)} busy, machine ${percent(measured.disturbed)} disturbed`;
    say(`${name}: ${rate}, ${used.join(', ')}, NOTIFY of ${Math.round(notifyOctets)} octets, ${doubt}`);
  }
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function heading(): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}; one core for the server, one for`,
    `the phones and Redis (AOF, everysec), UDP on loopback, all timers live; ${SUBSCRIPTIONS.toLocaleString('en')} subscriptions, 100 watchers on each`,
    `changed presence ID, every NOTIFY answered; CPU is user and system time of the whole server process, from /proc;`,
    `medians of ${values.rounds}.`,
  ].join('\n');
}
