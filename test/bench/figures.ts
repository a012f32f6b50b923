import type { Contestant, Running } from './contestant.ts';
import type { Measured, Workload } from './phase.ts';
import { PhoneProcess } from './phone-process.ts';
import { memoryOf } from './usage.ts';

/** How a contestant is measured. */
export interface Method {
  readonly subscriptions: number;
  /** Subscriptions for the memory row; 0: it is left out. */
  readonly memorySubscriptions: number;
  /** Length of a measured window. */
  readonly seconds: number;
  /** Tells what is being done. */
  readonly say: (what: string) => void;
}

/** What one workload of changes has given. */
export interface Changes {
  readonly watchers: number;
  /** As fast as the server goes. */
  readonly most: Measured;
  /** At the rate that all contestants get. */
  readonly same: Measured;
  /** At half of its own `most`. */
  readonly half: Measured;
}

/** All that was measured of one contestant in one round. */
export interface Figures {
  readonly server: string;
  readonly subscribe: Measured;
  readonly refresh: Measured;
  readonly changes: readonly Changes[];
  /** Octets; null: not measured. */
  readonly bytesPerSubscription: number | null;
}

/** Watchers of one changed presence ID, and NOTIFYs per second that every contestant gets. */
const WORKLOADS = [
  { watchers: 100, notifiesPerSecond: 4000 },
  { watchers: 50, notifiesPerSecond: 4000 },
  { watchers: 1, notifiesPerSecond: 800 },
] as const;

/** A server that cannot take the common rate gets this part of what it can. */
const BEARABLE = 0.7;
/** SUBSCRIBEs under way at any moment, and changes in the closed loop. */
const SUBSCRIBES = 32;
const NOTIFIES = 400;

/** Measures a contestant once, from its start to its stop. */
export async function measure(contestant: Contestant, method: Method): Promise<Figures> {
  const bytesPerSubscription = method.memorySubscriptions === 0 ? null : await memory(contestant, method);
  return using(contestant, async (running, phones) => {
    const [{ watchers }] = WORKLOADS;
    const workload = { ids: method.subscriptions / watchers, watchers };
    // The first subscriptions warm the code up and are not counted.
    await subscribeAll(phones, workload);
    await phones.run({ kind: 'unsubscribe', window: SUBSCRIBES });
    method.say('subscribe, refresh');
    const subscribe = await subscribeAll(phones, workload);
    const refresh = await phones.run({ kind: 'refresh', window: SUBSCRIBES });
    await phones.run({ kind: 'unsubscribe', window: SUBSCRIBES });
    const changes: Changes[] = [];
    for (const each of WORKLOADS) changes.push(await measureChanges(phones, method, each));
    return { server: running.server, subscribe, refresh, changes, bytesPerSubscription };
  });
}

async function measureChanges(
  phones: PhoneProcess,
  { subscriptions, seconds, say }: Method,
  { watchers, notifiesPerSecond }: (typeof WORKLOADS)[number],
): Promise<Changes> {
  say(`${watchers} watchers for each change`);
  await subscribeAll(phones, { ids: subscriptions / watchers, watchers });
  const window = Math.min(Math.ceil(NOTIFIES / watchers), 64);
  const most = await phones.run({ kind: 'closed', window, seconds });
  const rate = most.operations / most.seconds;
  const common = Math.min(notifiesPerSecond, BEARABLE * rate);
  const same = await phones.run({ kind: 'paced', notifiesPerSecond: common, seconds });
  const half = await phones.run({ kind: 'paced', notifiesPerSecond: rate / 2, seconds });
  await phones.run({ kind: 'unsubscribe', window: SUBSCRIBES });
  return { watchers, most, same, half };
}

async function subscribeAll(phones: PhoneProcess, workload: Workload): Promise<Measured> {
  await phones.load(workload);
  // A state that was set before, so that the first NOTIFY has a whole document in it.
  await phones.run({ kind: 'prepare' });
  return phones.run({ kind: 'subscribe', window: SUBSCRIBES });
}

/** (Memory with N subscriptions - memory right after the start) / N, after the dust has settled. */
function memory(contestant: Contestant, { memorySubscriptions, say }: Method): Promise<number> {
  say(`memory with ${memorySubscriptions} subscriptions`);
  return using(contestant, async (running, phones) => {
    const pid = running.target.processes[running.server] ?? 0;
    const empty = memoryOf(pid);
    await subscribeAll(phones, { ids: memorySubscriptions / 100, watchers: 100 });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    return (memoryOf(pid) - empty) / memorySubscriptions;
  });
}

async function using<Result>(
  contestant: Contestant,
  work: (running: Running, phones: PhoneProcess) => Promise<Result>,
): Promise<Result> {
  const running = await contestant.start();
  try {
    const phones = await PhoneProcess.open(running.target);
    try {
      return await work(running, phones);
    } finally {
      phones.stop();
    }
  } finally {
    await running.stop();
  }
}
