import type { RunWorld } from '../callflow/action.ts';
import type { Lists } from '../ports/lists.ts';
import type { Resource } from '../presence/resource.ts';
import type { ResourceList } from '../presence/resource-list.ts';
import { type ResolvedList, resolveList } from './resolved-list.ts';

/** What the library of lists is built of. */
export interface ListLibraryParts {
  readonly lists: Lists;
  /** Lists that stand in the configuration. */
  readonly fixed: readonly ResourceList[];
  readonly world: (realm: string) => RunWorld;
  readonly now: () => number;
}

interface Shelf {
  readonly stamp: number;
  /** When it was last known to be what is stored, in ms. */
  readAt: number;
  readonly lists: ReadonlyMap<string, ResolvedList>;
}

/** How long what was read is taken without asking again, in ms. */
const FRESH_MS = 2_000;
/** Realms kept in mind: where every domain is a realm, strangers can name any. */
const MOST_SHELVES = 1_000;

/** The lists of every realm, from the store and the configuration, read through a cache. */
export class ListLibrary {
  readonly #parts: ListLibraryParts;
  readonly #shelves = new Map<string, Shelf>();
  #changes = 0;

  constructor(parts: ListLibraryParts) {
    this.#parts = parts;
  }

  /** The list that a resource names, or null; what others changed in the last 2 s may be missing. */
  async find(resource: Resource): Promise<ResolvedList | null> {
    const shelf = this.#shelves.get(resource.realm);
    const fresh = shelf !== undefined && this.#parts.now() - shelf.readAt < FRESH_MS;
    const { lists } = fresh ? shelf : await this.#read(resource.realm);
    return lists.get(resource.user) ?? null;
  }

  /** The same, as it is stored now. */
  async findNow(resource: Resource): Promise<ResolvedList | null> {
    const { lists } = await this.#read(resource.realm);
    return lists.get(resource.user) ?? null;
  }

  /** Every list of a realm as it is stored now, those of the configuration first. */
  async all(realm: string): Promise<readonly ResourceList[]> {
    const fixed = this.#parts.fixed.filter((list) => list.realm === realm);
    const names = new Set(fixed.map((list) => list.id));
    const stored = await this.#parts.lists.all(realm);
    return [...fixed, ...stored.filter((list) => !names.has(list.id))];
  }

  /** True for a list that stands in the configuration. */
  isFixed(realm: string, id: string): boolean {
    return this.#parts.fixed.some((list) => list.realm === realm && list.id === id);
  }

  /** A list of the realm was changed by this node: what was read is old. */
  forget(realm: string): void {
    this.#changes += 1;
    this.#shelves.delete(realm);
  }

  async #read(realm: string): Promise<Shelf> {
    const changes = this.#changes;
    const readAt = this.#parts.now();
    const stamp = await this.#parts.lists.stamp(realm);
    const known = this.#shelves.get(realm);
    if (known?.stamp === stamp) {
      known.readAt = readAt;
      return known;
    }
    const world = this.#parts.world(realm);
    const all = await this.all(realm);
    const lists = new Map(all.map((list) => [list.id, resolveList(list, world)]));
    const shelf = { stamp, readAt, lists };
    // What was read while a list was changed may lack it.
    if (changes === this.#changes) this.#keep(realm, shelf);
    return shelf;
  }

  #keep(realm: string, shelf: Shelf): void {
    if (this.#shelves.size >= MOST_SHELVES) this.#shelves.clear();
    this.#shelves.set(realm, shelf);
  }
}
