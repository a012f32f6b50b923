import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SaveResult } from '../../ports/callflows.ts';
import type { Lists } from '../../ports/lists.ts';
import type { ResourceList } from '../../presence/resource-list.ts';
import { demandNextRev } from '../document-rev.ts';
import { DocumentTable } from './document-table.ts';
import type { GroupCommit } from './group-commit.ts';

/** Resource lists in the database; see the port for what each method gives. */
export class EmbeddedLists implements Lists {
  readonly #group: GroupCommit;
  readonly #lists: DocumentTable<'list'>;
  readonly #stamp: StatementSync;
  readonly #bumpStamp: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#lists = new DocumentTable(database, 'list');
    this.#stamp = database.prepare('SELECT stamp FROM list_stamps WHERE realm = ?');
    this.#bumpStamp = database.prepare(
      'INSERT INTO list_stamps (realm, stamp) VALUES (?, 1) ON CONFLICT DO UPDATE SET stamp = stamp + 1',
    );
  }

  async all(realm: string): Promise<readonly ResourceList[]> {
    return this.#group.read(() => this.#lists.all(realm));
  }

  async get(realm: string, id: string): Promise<ResourceList | null> {
    return this.#group.read(() => this.#lists.one(realm, id));
  }

  save(list: ResourceList, expectedRev: number): Promise<SaveResult> {
    return this.#group.run(() => {
      demandNextRev(list, expectedRev);
      const result = this.#lists.judge(list.realm, list.id, expectedRev);
      if (result !== 'ok') return result;
      this.#lists.put(list);
      this.#bumpStamp.run(list.realm);
      return 'ok';
    });
  }

  remove(realm: string, id: string, expectedRev: number): Promise<SaveResult> {
    return this.#group.run(() => {
      const result = this.#lists.judge(realm, id, expectedRev);
      if (result !== 'ok') return result;
      if (!this.#lists.delete(realm, id)) return 'gone';
      this.#bumpStamp.run(realm);
      return 'ok';
    });
  }

  async stamp(realm: string): Promise<number> {
    return Number(this.#group.read(() => this.#stamp.get(realm))?.stamp ?? 0);
  }
}
