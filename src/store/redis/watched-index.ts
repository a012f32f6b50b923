import type { SubscriptionRecord, WatchedAsk, WatchedPage } from '../../ports/subscriptions.ts';
import { EXPIRED_RECORD_MS, lifetimeOf } from '../retention.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/**
 * Which user parts of a realm are watched. It is a hint, on another node of a Cluster than the records: it is written
 * before the record and forgotten only by time, so it may name too many, never too few.
 */
export class WatchedIndex {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** Notes what records of one realm watch, at least one; a `stamp` other than '' becomes that of the realm. */
  async add(realm: string, records: readonly SubscriptionRecord[], stamp: string): Promise<void> {
    const { watched, watchedUntil, watchStamp } = this.#keys;
    const keys = [watched(realm), watchedUntil(realm), watchStamp(realm)];
    const last = records.reduce((latest, { expiresAt }) => Math.max(latest, expiresAt), 0);
    const pairs = records.flatMap(({ resource, expiresAt }) => [expiresAt, resource.user]);
    const args = [lifetimeOf(last), Date.now() - EXPIRED_RECORD_MS, stamp, ...pairs];
    await this.#connection.script(scripts.watchedAdd, keys, args);
  }

  /** Notes the realms in which the user parts of records are watched; on a Cluster of one user part only. */
  async addRealms(records: readonly SubscriptionRecord[]): Promise<void> {
    const keys = records.map(({ resource }) => this.#keys.realms(resource.user));
    const last = records.reduce((latest, { expiresAt }) => Math.max(latest, expiresAt), 0);
    const pairs = records.flatMap(({ resource, expiresAt }) => [expiresAt, resource.realm]);
    await this.#connection.script(scripts.realmWatched, keys, [lifetimeOf(last), ...pairs]);
  }

  /** See `Subscriptions.watched`. */
  async page(realm: string, { after, limit, now }: WatchedAsk): Promise<WatchedPage> {
    const users: string[] = [];
    let cursor = after;
    // One more than asked for tells whether there is a next page.
    while (users.length <= limit) {
      const noted = await this.#noted(realm, cursor, limit + 1);
      users.push(...(await this.#live(realm, noted, now)));
      if (noted.length <= limit) break;
      cursor = noted.at(-1) ?? cursor;
    }
    const page = users.slice(0, limit);
    return { users: page, next: users.length > limit ? (page.at(-1) ?? null) : null };
  }

  /** See `Subscriptions.watchStamp`. */
  async stamp(realm: string): Promise<string> {
    const { client } = this.#connection;
    return (await this.#connection.guard(client.get(this.#keys.watchStamp(realm)))) ?? '';
  }

  #noted(realm: string, after: string | null, limit: number): Promise<readonly string[]> {
    const from = after === null ? '-' : `(${after}`;
    const { client } = this.#connection;
    const key = this.#keys.watched(realm);
    return this.#connection.guard(client.zrangebylex(key, from, '+', 'LIMIT', 0, limit));
  }

  /** Those that have a live subscription: each is asked in its own bucket, all at once. */
  async #live(realm: string, users: readonly string[], now: number): Promise<readonly string[]> {
    const { client } = this.#connection;
    const asked = users.map((user) =>
      client.zcount(this.#keys.subscriptions({ realm, user }), `(${now}`, '+inf'),
    );
    const counts = await this.#connection.guard(Promise.all(asked));
    return users.filter((_, index) => (counts[index] ?? 0) > 0);
  }
}
