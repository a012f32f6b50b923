import type { Board } from '../presence/board.ts';
import { readIds, type SeenId } from './seen-ids.ts';
import type { NotifierState } from './state.ts';

type Listener = (id: SeenId) => void;

const PAGE = 1_000;
/** Reading what is watched takes at most this part of the time. */
const SHARE = 1 / 20;

/** A realm that somebody looks at: changes of its boards, and the IDs that come to be watched. */
export class LiveRealm {
  readonly realm: string;
  readonly listeners = new Set<Listener>();
  #stamp: string | null = null;
  #known: ReadonlySet<string> = new Set();
  /** Boards that changed while others were read: what was read must not bring back older ones. */
  #changed: Set<string> | null = null;
  #notBefore = 0;

  constructor(realm: string) {
    this.realm = realm;
  }

  /** Tells of a changed board. */
  changed(board: Board): void {
    this.#changed?.add(board.resource.user);
    this.#tell({ resource: board.resource, board });
  }

  /**
   * Tells of the IDs that are watched and were not when it looked last; the first time of all, if a subscription was
   * created since `begin`. Costs one read while nobody subscribes.
   */
  async look(state: NotifierState): Promise<void> {
    const began = state.now();
    if (began < this.#notBefore) return;
    const stamp = await this.#readStamp(state);
    if (stamp === this.#stamp) return;
    await this.#read(state);
    this.#stamp = stamp;
    const ended = state.now();
    this.#notBefore = ended + (ended - began) / SHARE;
  }

  /** From now on `look` sees what is new. */
  async begin(state: NotifierState): Promise<void> {
    this.#stamp ??= await this.#readStamp(state);
  }

  #readStamp(state: NotifierState): Promise<string> {
    return state.parts.store.subscriptions.watchStamp(this.realm);
  }

  async #read(state: NotifierState): Promise<void> {
    const changed = new Set<string>();
    this.#changed = changed;
    try {
      const watched = await this.#watched(state);
      const strangers = watched.filter((user) => !this.#known.has(user));
      const ids = await readIds(state, this.realm, strangers);
      for (const id of ids) if (!changed.has(id.resource.user)) this.#tell(id);
      this.#known = new Set(watched);
    } finally {
      this.#changed = null;
    }
  }

  async #watched(state: NotifierState): Promise<readonly string[]> {
    const users: string[] = [];
    let after: string | null = null;
    do {
      const ask = { after, limit: PAGE, now: state.now() };
      const page = await state.parts.store.subscriptions.watched(this.realm, ask);
      users.push(...page.users);
      after = page.next;
    } while (after !== null);
    return users;
  }

  #tell(id: SeenId): void {
    for (const listener of this.listeners) listener(id);
  }
}
