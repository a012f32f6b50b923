import type { Bus, BusHandlers } from '../../ports/bus.ts';
import { readBoard } from '../board-text.ts';
import { batches } from './batches.ts';
import type { Connection } from './connection.ts';
import { Ear } from './ear.ts';
import { HeardBucket } from './heard-bucket.ts';
import type { Keys } from './keys.ts';
import { connectSubscriber } from './redis-client.ts';
import { slotOf } from './slot.ts';

/** How often the counters are compared with what was heard, in ms. With the rest below: `missed` within 5 s. */
const COMPARE_EVERY = 3000;

/** How long a message may be under way when the counter already shows it, in ms. */
const UNDER_WAY = 300;

/** The name of the one ear on a single Redis. */
const ONLY = '';

interface Listening {
  readonly channel: string;
  readonly heard: HeardBucket;
  /** The node of the Cluster on which it is heard. */
  node: string;
  count: number;
  begun: Promise<void>;
}

/** The bus on Redis: one channel for each bucket, sharded on a Cluster. */
export class RedisBus implements Bus {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #count: (event: BusEvent) => void;
  readonly #ears = new Map<string, Ear>();
  readonly #buckets = new Map<number, Listening>();
  readonly #byChannel = new Map<string, number>();
  #handlers: BusHandlers | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Under way while all counters are taken as they are, for Redis has lost data. */
  #recount: Promise<void> | null = null;
  #closed = false;

  constructor(connection: Connection, keys: Keys, count: (event: BusEvent) => void) {
    this.#connection = connection;
    this.#keys = keys;
    this.#count = count;
    connection.onBack(() => this.#missedAll());
  }

  /** Resolves also when Redis is away; `missed` follows when it is back. */
  async start(handlers: BusHandlers): Promise<void> {
    this.#handlers = handlers;
    this.#compareLater();
    if (this.#connection.cluster === null)
      await this.#ear(ONLY)
        .connected()
        .catch(() => undefined);
  }

  async listen(bucket: number): Promise<void> {
    const listening = this.#buckets.get(bucket) ?? this.#begin(bucket);
    listening.count += 1;
    try {
      await this.#connection.guard(listening.begun);
    } catch (error) {
      if (this.#buckets.get(bucket) === listening) this.ignore(bucket);
      throw error;
    }
  }

  ignore(bucket: number): void {
    const listening = this.#buckets.get(bucket);
    if (listening === undefined) return;
    listening.count -= 1;
    if (listening.count > 0) return;
    this.#buckets.delete(bucket);
    this.#byChannel.delete(listening.channel);
    this.#ears.get(listening.node)?.forget(listening.channel);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const ear of this.#ears.values()) ear.close();
    this.#ears.clear();
  }

  #begin(bucket: number): Listening {
    const channel = this.#keys.channel(bucket);
    const node = this.#nodeOf(channel);
    const listening: Listening = {
      channel,
      heard: new HeardBucket(),
      node,
      count: 0,
      begun: Promise.resolve(),
    };
    this.#buckets.set(bucket, listening);
    this.#byChannel.set(channel, bucket);
    listening.begun = this.#hear(bucket, listening);
    return listening;
  }

  async #hear(bucket: number, { channel, heard, node }: Listening): Promise<void> {
    await this.#ear(node).hear(channel);
    const stored = Number(await this.#connection.client.get(this.#keys.seq(bucket)));
    if (heard.seen === null) heard.begin(stored);
  }

  /** The node of the Cluster that has a channel's slot. */
  #nodeOf(channel: string): string {
    const { cluster } = this.#connection;
    return cluster === null ? ONLY : (cluster.slots[slotOf(channel)]?.[0] ?? ONLY);
  }

  #ear(node: string): Ear {
    const known = this.#ears.get(node);
    if (known !== undefined) return known;
    const { target, cluster } = this.#connection;
    if (cluster !== null && node === ONLY) throw new Error('No node of the Cluster has the slot');
    const ear = new Ear(connectSubscriber(target, node === ONLY ? null : node), cluster !== null, {
      message: (channel, text) => this.#onMessage(channel, text),
      restored: (channels) => this.#onRestored(channels),
      moved: () => cluster?.refreshSlotsCache(() => this.#follow().catch(() => undefined)),
    });
    this.#ears.set(node, ear);
    return ear;
  }

  #onMessage(channel: string, text: string): void {
    const bucket = this.#byChannel.get(channel);
    const listening = bucket === undefined ? undefined : this.#buckets.get(bucket);
    if (bucket === undefined || listening === undefined) return;
    const space = text.indexOf(' ');
    const seq = space > 0 ? Number(text.slice(0, space)) : Number.NaN;
    const board = readBoard(text.slice(space + 1));
    const heard = Number.isSafeInteger(seq) ? listening.heard.hear(seq) : 'gap';
    if (board === null) this.#count('malformed');
    else this.#handlers?.changed(board);
    if (heard === 'back') this.#lost();
    else if (heard === 'gap' || board === null) this.#missed([bucket]);
  }

  #onRestored(channels: readonly string[]): void {
    const buckets = channels.flatMap((channel) => this.#byChannel.get(channel) ?? []);
    for (const bucket of buckets) this.#buckets.get(bucket)?.heard.reset();
    if (this.#connection.cluster === null) this.#missedAll();
    else this.#missed(buckets);
  }

  /** Says that all may have been missed, once both connections are there: the later one says it. */
  #missedAll(): void {
    const deaf = [...this.#ears.values()].some((ear) => !ear.hearing);
    if (deaf && this.#connection.cluster === null) return;
    if (!this.#connection.ready()) return;
    this.#count('missed');
    this.#handlers?.missed(null);
  }

  /** A number has gone back: Redis has lost data, not only of this bucket and not only boards. Told once for all buckets. */
  #lost(): void {
    if (this.#recount !== null) return;
    this.#recount = this.#beginAll().finally(() => {
      this.#recount = null;
      this.#missedAll();
    });
    // Redis is away: all is told when it is back.
    this.#recount.catch(() => undefined);
  }

  async #beginAll(): Promise<void> {
    const stored = await this.#counters([...this.#buckets.keys()]);
    for (const [bucket, seq] of stored) this.#buckets.get(bucket)?.heard.begin(seq);
  }

  #missed(buckets: readonly number[]): void {
    if (buckets.length === 0) return;
    this.#count('missed');
    this.#handlers?.missed(new Set(buckets));
  }

  #compareLater(): void {
    if (this.#closed) return;
    const round = async () => {
      for (const ear of this.#ears.values()) ear.prod();
      await this.#follow();
      await this.#compare();
    };
    // While Redis is away a round fails; what was missed is told when it is back.
    this.#timer = setTimeout(() => {
      round().then(
        () => this.#compareLater(),
        () => this.#compareLater(),
      );
    }, COMPARE_EVERY);
    this.#timer.unref();
  }

  /** Compares the counters with what was heard. */
  async #compare(): Promise<void> {
    const before = new Map([...this.#buckets].map(([bucket, { heard }]) => [bucket, heard.seen]));
    const stored = await this.#counters([...before.keys()]);
    const differing = [...stored].filter(([bucket, seq]) => {
      const heard = this.#buckets.get(bucket)?.heard;
      return heard !== undefined && heard.compare(seq, before.get(bucket) ?? null) !== 'same';
    });
    if (differing.length === 0) return;
    if (differing.some(([bucket, seq]) => this.#hasLost(bucket, seq, before))) return this.#lost();
    await new Promise((resolve) => setTimeout(resolve, UNDER_WAY));
    this.#missed(differing.filter((one) => this.#isLost(one, before)).map(([bucket]) => bucket));
  }

  /** True if a counter is still not explained by what was heard; it is taken as the truth then. */
  #isLost([bucket, seq]: readonly [number, number], before: ReadonlyMap<number, number | null>): boolean {
    const listening = this.#buckets.get(bucket);
    if (listening === undefined) return false;
    const relation = listening.heard.compare(seq, before.get(bucket) ?? null);
    if (relation === 'same') return false;
    listening.heard.begin(seq);
    // On a Cluster the channel may have been dropped without a word: subscribing twice does no harm.
    if (this.#connection.cluster !== null)
      this.#ears
        .get(listening.node)
        ?.hear(listening.channel)
        .catch(() => undefined);
    return true;
  }

  #hasLost(bucket: number, seq: number, before: ReadonlyMap<number, number | null>): boolean {
    return this.#buckets.get(bucket)?.heard.compare(seq, before.get(bucket) ?? null) === 'back';
  }

  async #counters(buckets: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const counters = new Map<number, number>();
    const groups = batches(buckets, this.#connection.cluster !== null);
    await Promise.all(
      groups.map(async (positions) => {
        const group = positions.flatMap((position) => buckets[position] ?? []);
        const values = await this.#connection.client.mget(...group.map((bucket) => this.#keys.seq(bucket)));
        for (const [index, bucket] of group.entries()) counters.set(bucket, Number(values[index] ?? 0));
      }),
    );
    return counters;
  }

  /** On a Cluster: hears each channel on the node that has its slot now. */
  async #follow(): Promise<void> {
    if (this.#connection.cluster === null || this.#closed) return;
    const moved = [...this.#buckets].filter(([, { channel, node }]) => this.#nodeOf(channel) !== node);
    const missed = await Promise.all(moved.map(([bucket, listening]) => this.#move(bucket, listening)));
    for (const [node, ear] of this.#ears) {
      if (!ear.idle) continue;
      ear.close();
      this.#ears.delete(node);
    }
    this.#missed(missed.flat());
  }

  async #move(bucket: number, listening: Listening): Promise<readonly number[]> {
    const node = this.#nodeOf(listening.channel);
    try {
      await this.#ear(node).hear(listening.channel);
    } catch {
      // The new node is not there yet: the next round tries again, the others must not wait for it.
      return [];
    }
    this.#ears.get(listening.node)?.forget(listening.channel);
    listening.node = node;
    listening.heard.reset();
    return [bucket];
  }
}

/** What the bus counts. */
export type BusEvent = 'malformed' | 'missed';
