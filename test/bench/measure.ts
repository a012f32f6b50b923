import type { Contestant, Part } from './contestant.ts';
import { type Changes, type Figures, median, noFigures } from './figures.ts';
import type { Measured } from './phase.ts';
import { Session } from './session.ts';

/** How contestants are measured. */
export interface Method {
  readonly subscriptions: number;
  /** Subscriptions for the memory row. */
  readonly memorySubscriptions: number;
  /** Watchers of the one big change. */
  readonly crowd: number;
  /** Length of a measured window. */
  readonly seconds: number;
  readonly rounds: number;
  readonly parts: readonly Part[];
  /** The names of those whose rates decide the common one: the slower of them must bear it. */
  readonly pair: readonly string[];
  /** Tells what was measured. */
  readonly say: (contestant: Contestant, what: string, measured: Measured | null) => void;
  /** Gets all figures so far after each part. */
  readonly done: (all: readonly Figures[]) => Promise<void>;
}

/** Watchers of one changed presence ID, and NOTIFYs per second that every contestant gets, by what they are part of. */
const WORKLOADS = [
  { part: 'notify', watchers: 100, wanted: 4000 },
  { part: 'fewer', watchers: 50, wanted: 4000 },
  { part: 'fewer', watchers: 1, wanted: 800 },
] as const;

/** The part of what a server can take that it gets as the common rate. */
const BEARABLE = 0.7;
/** Changes under way in the closed loops: without watchers, and NOTIFYs of those with. */
const CHANGES = 16;
const NOTIFIES = 400;
/** Presence IDs that are changed while the crowd is told, and how often it is in one window. */
const BESIDE = 50;
const TIMES = 4;
/** After many SUBSCRIBEs, until transactions and garbage are gone, in ms. */
const DUST_MS = 40_000;
/**
 * Before anything counts, all are driven so many times and seconds: V8 compiles what is hot bit by bit, and a server that
 * runs for months is past that. The first 5,000 SUBSCRIBEs cost half as much again as the fourth 5,000 (634 and 415 us).
 */
const WARM_ROUNDS = 4;
const WARM_SECONDS = 12;
/** NOTIFYs per second if nothing has told what is bearable. */
const FALLBACK = 2000;

interface Runner {
  readonly figures: Figures;
  readonly session: Session;
  /** It could not be measured any further. */
  failed: boolean;
}

/**
 * Measures all contestants window by window: one window of the first, the same of the second and so on, and that for each
 * round. So what else this machine does at some time hits the windows that are compared.
 */
export async function measure(
  contestants: readonly Contestant[],
  method: Method,
): Promise<readonly Figures[]> {
  const all = contestants.map(noFigures);
  await using started = new AsyncDisposableStack();
  const runners: Runner[] = [];
  for (const figures of all) {
    const { contestant } = figures;
    if (contestant.missing !== null || !contestant.parts.some((part) => method.parts.includes(part)))
      continue;
    const session = started.use(await Session.open(contestant));
    figures.server = session.server;
    runners.push({ figures, session, failed: false });
  }
  const taking = (part: Part) =>
    method.parts.includes(part)
      ? runners.filter(({ figures }) => figures.contestant.parts.includes(part))
      : [];
  const steps: readonly (() => Promise<void>)[] = [
    () => measureApi(taking('api'), method),
    () => measureSubscribe(taking('subscribe'), method),
    ...WORKLOADS.map((workload) => () => measureChanges(taking(workload.part), method, workload)),
    () => measureCrowd(taking('crowd'), method),
    () => each(taking('memory'), method, (runner) => measureMany(runner, method)),
  ];
  for (const step of steps) {
    await step();
    await method.done(all);
  }
  return all;
}

/** One window of each, again and again. */
async function inTurns(
  runners: readonly Runner[],
  method: Method,
  work: (runner: Runner) => Promise<readonly (readonly [string, Measured])[]>,
): Promise<void> {
  for (let round = 0; round < method.rounds; round += 1)
    await each(runners, method, async (runner) => {
      for (const [what, measured] of await work(runner))
        method.say(runner.figures.contestant, what, measured);
    });
}

/** Does it with one after the other; one that fails is left out from then on, and the others go on. */
async function each(
  runners: readonly Runner[],
  { say }: Method,
  work: (runner: Runner) => Promise<unknown>,
): Promise<void> {
  for (const runner of runners) {
    if (runner.failed) continue;
    try {
      await work(runner);
    } catch (error) {
      runner.failed = true;
      say(runner.figures.contestant, `not measured any further: ${String(error)}`, null);
    }
  }
}

async function measureApi(runners: readonly Runner[], method: Method): Promise<void> {
  await each(runners, method, ({ session }) => session.load({ ids: 200, watchers: 0 }));
  await inTurns(runners, method, async ({ session, figures }) => {
    const measured = await session.run({ kind: 'closed', window: CHANGES, seconds: method.seconds });
    figures.api.push(measured);
    return [['changes that nobody watches', measured]];
  });
}

async function measureSubscribe(runners: readonly Runner[], method: Method): Promise<void> {
  const load = (session: Session) => session.load({ ids: method.subscriptions / 100, watchers: 100 });
  await each(runners, method, async ({ session }) => {
    for (let round = 0; round < WARM_ROUNDS; round += 1) {
      await load(session);
      await session.subscribe('subscribe');
      await session.subscribe('refresh');
      await session.subscribe('unsubscribe');
    }
  });
  await inTurns(runners, method, async ({ session, figures }) => {
    await load(session);
    const subscribe = await session.subscribe('subscribe');
    const refresh = await session.subscribe('refresh');
    await session.subscribe('unsubscribe');
    figures.subscribe.push(subscribe);
    figures.refresh.push(refresh);
    return [
      ['subscribe', subscribe],
      ['refresh', refresh],
    ];
  });
}

async function measureChanges(
  runners: readonly Runner[],
  method: Method,
  { watchers, wanted }: { readonly watchers: number; readonly wanted: number },
): Promise<void> {
  const { seconds, subscriptions } = method;
  const window = Math.min(Math.ceil(NOTIFIES / watchers), 64);
  await each(runners, method, async ({ session, figures }) => {
    figures.changes.push({ watchers, most: [], same: [], half: [] });
    await session.load({ ids: subscriptions / watchers, watchers });
    await session.subscribe('subscribe');
    await session.run({ kind: 'closed', window, seconds: WARM_SECONDS });
  });
  await inTurns(runners, method, async ({ session, figures }) => {
    const measured = await session.run({ kind: 'closed', window, seconds });
    changesNow(figures).most.push(measured);
    return [[`${watchers} watchers, as fast as it goes`, measured]];
  });
  const common = commonRate(runners, method.pair, wanted);
  await inTurns(runners, method, async ({ session, figures }) => {
    const changes = changesNow(figures);
    const bearable = rateOf(changes.most) * BEARABLE;
    const paced = { kind: 'paced', seconds } as const;
    const same = await session.run({ ...paced, notifiesPerSecond: Math.min(common, bearable) });
    const half = await session.run({ ...paced, notifiesPerSecond: rateOf(changes.most) / 2 });
    changes.same.push(same);
    changes.half.push(half);
    return [
      [`${watchers} watchers, at the common rate`, same],
      [`${watchers} watchers, at half load`, half],
    ];
  });
  await each(runners, method, ({ session }) => session.subscribe('unsubscribe'));
}

function changesNow({ changes }: Figures): Changes {
  const last = changes.at(-1);
  if (last === undefined) throw new Error('Cannot measure changes: there is no workload yet');
  return last;
}

function rateOf(measured: readonly Measured[]): number {
  return median(measured.map(({ operations, seconds }) => operations / seconds));
}

function commonRate(runners: readonly Runner[], pair: readonly string[], wanted: number): number {
  const rates = runners
    .filter(({ figures, failed }) => !failed && pair.includes(figures.contestant.name))
    .map(({ figures }) => BEARABLE * rateOf(changesNow(figures).most));
  return Math.min(wanted, ...rates);
}

async function measureCrowd(runners: readonly Runner[], method: Method): Promise<void> {
  await each(runners, method, async ({ session }) => {
    await session.load({ ids: BESIDE + 1, watchers: 1, crowd: method.crowd - 1 });
    await session.subscribe('subscribe');
  });
  await inTurns(runners, method, async ({ session, figures }) => {
    const measured = await session.run({ kind: 'crowd', times: TIMES });
    figures.crowd.push(measured);
    return [[`one change to ${method.crowd} watchers`, measured]];
  });
  await each(runners, method, ({ session }) => session.subscribe('unsubscribe'));
}

/** (Memory with N subscriptions - memory right after the start) / N, after the dust has settled; and NOTIFYs with few and many. */
async function measureMany(runner: Runner, method: Method): Promise<void> {
  const { figures, session } = runner;
  const { contestant } = figures;
  const { memorySubscriptions: subscriptions, say } = method;
  await using large = await Session.open(contestant);
  const empty = large.memory();
  await large.load({ ids: subscriptions / 100, watchers: 100 });
  say(contestant, `${subscriptions} subscriptions`, await large.subscribe('subscribe'));
  await new Promise((resolve) => setTimeout(resolve, DUST_MS));
  const octets = Object.entries(large.memory()).map(
    ([name, now]) => [name, (now - (empty[name] ?? 0)) / subscriptions] as const,
  );
  const many = { subscriptions, octets: Object.fromEntries(octets), few: [], many: [] };
  figures.many = many;
  say(
    contestant,
    `memory: ${octets.map(([name, each]) => `${name} ${Math.round(each)}`).join(', ')} octets each`,
    null,
  );
  await session.load({ ids: method.subscriptions / 100, watchers: 100 });
  await session.subscribe('subscribe');
  await measureGrowth(runner, { large, many, method });
  await session.subscribe('unsubscribe');
}

interface Growth {
  readonly large: Session;
  readonly many: { readonly few: Measured[]; readonly many: Measured[] };
  readonly method: Method;
}

async function measureGrowth(runner: Runner, { large, many, method }: Growth): Promise<void> {
  const { figures, session } = runner;
  const notifiesPerSecond = median(
    (figures.changes[0]?.same ?? []).map((each) => each.operations / each.seconds),
  );
  const rate = Number.isNaN(notifiesPerSecond) ? FALLBACK : notifiesPerSecond;
  const paced = { kind: 'paced', seconds: method.seconds, notifiesPerSecond: rate } as const;
  await inTurns([runner], method, async () => {
    const few = await session.run(paced);
    const more = await large.run(paced);
    many.few.push(few);
    many.many.push(more);
    return [
      ['NOTIFYs with few subscriptions', few],
      ['NOTIFYs with many', more],
    ];
  });
}
