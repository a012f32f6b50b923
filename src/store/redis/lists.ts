import type { SaveResult } from '../../ports/callflows.ts';
import type { Lists } from '../../ports/lists.ts';
import type { ResourceList } from '../../presence/resource-list.ts';
import type { StoreLog } from '../store-log.ts';
import type { Connection } from './connection.ts';
import { DocumentTable } from './document-table.ts';
import type { Keys } from './keys.ts';

/** Resource lists in Redis; see the port for what each method gives. */
export class RedisLists implements Lists {
  readonly #connection: Connection;
  readonly #keys: Keys;
  readonly #lists: DocumentTable<'list'>;

  constructor(connection: Connection, keys: Keys, log: StoreLog) {
    this.#connection = connection;
    this.#keys = keys;
    this.#lists = new DocumentTable(connection, log, {
      kind: 'list',
      hash: keys.lists,
      stamp: keys.listStamp,
    });
  }

  all(realm: string): Promise<readonly ResourceList[]> {
    return this.#lists.all(realm);
  }

  get(realm: string, id: string): Promise<ResourceList | null> {
    return this.#lists.one(realm, id);
  }

  save(list: ResourceList, expectedRev: number): Promise<SaveResult> {
    return this.#lists.save(list, expectedRev);
  }

  remove(realm: string, id: string, expectedRev: number): Promise<SaveResult> {
    return this.#lists.remove(realm, id, { expectedRev });
  }

  async stamp(realm: string): Promise<number> {
    return Number(await this.#connection.guard(this.#connection.client.get(this.#keys.listStamp(realm))));
  }
}
