import { setTimeout as pause } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { LamplighterProcess } from './lamplighter-process.ts';
import { openPhone, randomToken } from './phone.ts';
import { shownBy, type WatchingPhone } from './watching-phones.ts';

type Status = 'idle' | 'ringing' | 'busy';

/** What a phone shows for each status (RFC 4235 §4.1.1). */
const SHOWN: Readonly<Record<Status, string>> = { idle: 'terminated', ringing: 'early', busy: 'confirmed' };
const STATUSES = ['busy', 'ringing', 'idle'] as const;

/** Between two changes of one share of the traffic, and before a refused one is tried again, in ms. */
const BETWEEN_MS = 20;
const AGAIN_MS = 100;

/** How long a first NOTIFY may take, in ms. */
const PATIENCE_MS = 60_000;

/** A phone that watches an ID of its own, and what was answered 2xx of that lamp last. */
export interface Watcher extends WatchingPhone {
  status: Status;
}

interface WatchersOptions {
  /** True: each phone is its own proxy, which record-routes. */
  readonly isProxied?: boolean;
}

/** Opens phones on UDP, each with a lamp of its own that it watches at a node, and has been told of. */
export async function openWatchers(
  node: LamplighterProcess,
  count: number,
  opened: AsyncDisposableStack,
  { isProxied = false }: WatchersOptions = {},
): Promise<readonly Watcher[]> {
  const watchers = await Promise.all(
    Array.from({ length: count }, async () => {
      const id = `lamp-${randomToken()}`;
      const phone = opened.use(
        await openPhone({ transport: 'udp', server: node.place('udp'), repeats: true }),
      );
      const headers = isProxied ? ['record-route', `<sip:${phone.hostPort};lr>`] : [];
      const subscription = await phone.subscribe(`sip:${id}@127.0.0.1`, { headers });
      return { id, phone, subscription, status: 'idle' } satisfies Watcher;
    }),
  );
  await allRight(watchers, PATIENCE_MS);
  return watchers;
}

/** Resolves when every phone shows what was answered 2xx last; rejects with the wrong ones if that takes longer than `ms`. */
export async function allRight(watchers: readonly Watcher[], ms: number): Promise<void> {
  const wrong = () =>
    watchers
      .filter((watcher) => shownBy(watcher.subscription) !== SHOWN[watcher.status])
      .map((watcher) => `${watcher.id} is ${watcher.status} and shows ${shownBy(watcher.subscription)}`);
  await vi.waitFor(() => expect(wrong()).toEqual([]), { timeout: ms, interval: 100 });
}

/** Sets every lamp through a node. */
export async function setAll(
  node: LamplighterProcess,
  watchers: readonly Watcher[],
  status: Status,
): Promise<void> {
  await Promise.all(
    watchers.map(async (watcher) => {
      await node.set(watcher.id, status);
      watcher.status = status;
    }),
  );
}

/** How many NOTIFYs there were, copies not counted. */
export function notifiesOf(watchers: readonly Watcher[]): number {
  return watchers.reduce((sum, { subscription }) => sum + subscription.notifies.all.length, 0);
}

/** Changes all the time, from `begin` until `end` has resolved. */
export class Traffic {
  readonly #nodes: readonly LamplighterProcess[];
  readonly #watchers: readonly Watcher[];
  #ended = false;
  #done: Promise<unknown> = Promise.resolve();
  changes = 0;

  /** Each change goes through one of the nodes, the next one where that refuses or is gone. */
  constructor(nodes: readonly LamplighterProcess[], watchers: readonly Watcher[]) {
    this.#nodes = nodes;
    this.#watchers = watchers;
  }

  /** `atOnce` changes are under way at any time, never two of one lamp. */
  begin(atOnce: number): void {
    const shares = Array.from({ length: atOnce }, (_, share) =>
      this.#watchers.filter((_, index) => index % atOnce === share),
    );
    this.#done = Promise.all(shares.map((share) => this.#run(share)));
  }

  /** Resolves when the last change was answered 2xx. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#done;
  }

  async #run(watchers: readonly Watcher[]): Promise<void> {
    while (!this.#ended) {
      for (const watcher of watchers) {
        if (this.#ended) return;
        await this.#change(watcher);
        await pause(BETWEEN_MS);
      }
    }
  }

  async #change(watcher: Watcher): Promise<void> {
    const status = STATUSES[(STATUSES.indexOf(watcher.status) + 1) % STATUSES.length] ?? 'idle';
    while (!(await this.#isSet(watcher, status))) await pause(AGAIN_MS);
    watcher.status = status;
  }

  async #isSet({ id }: Watcher, status: Status): Promise<boolean> {
    this.changes += 1;
    const node = this.#nodes[this.changes % this.#nodes.length];
    const answer = await node?.api('PUT', `/v1/realms/default/presence/${id}`, { status }).catch(() => null);
    return answer?.status === 200;
  }
}
