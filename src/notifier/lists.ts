import { resolveId } from '../callflow/presence-id.ts';
import { makeResource } from '../presence/resource.ts';
import type { ResourceList } from '../presence/resource-list.ts';
import type { ListDraft, ListOutcome, ListService } from './list-service.ts';
import { refreshLists } from './refresh-lists.ts';
import { listFault } from './resolved-list.ts';
import type { NotifierState } from './state.ts';

/** Resource lists as the HTTP side sees them. */
export function createListService(state: NotifierState): ListService {
  const { lists } = state.parts.store;
  const idOf = (realm: string, id: string) =>
    makeResource(id, realm, state.parts.options.userCase)?.user ?? null;
  return {
    all: (realm) => state.lists.all(realm),
    get: async (realm, id) => {
      const wanted = idOf(realm, id);
      return (await state.lists.all(realm)).find((list) => list.id === wanted) ?? null;
    },
    save: (draft) => save(state, draft),
    remove: async (realm, id, rev) => {
      const wanted = idOf(realm, id);
      if (wanted === null) return 'gone';
      if (state.lists.isFixed(realm, wanted)) return 'fixed';
      const result = await lists.remove(realm, wanted, rev);
      if (result === 'ok') announce(state, realm);
      return result;
    },
  };
}

async function save(state: NotifierState, draft: ListDraft): Promise<ListOutcome> {
  const { options, store, world } = state.parts;
  const { realm, rev, members } = draft;
  const id = makeResource(draft.id, realm, options.userCase)?.user;
  if (id === undefined) return { kind: 'refused', reason: `"${draft.id}" must be a user part` };
  if (state.lists.isFixed(realm, id)) return { kind: 'fixed' };
  const list = { realm, id, name: draft.name || id, members, rev: rev + 1 };
  const around = { world: world(realm), mostMembers: options.lists.mostMembers };
  const reason = listFault(list, { ...around, others: await othersOf(state, list) });
  if (reason !== null) return { kind: 'refused', reason };
  const result = await store.lists.save(list, rev);
  if (result !== 'ok') return { kind: result };
  announce(state, realm);
  return { kind: 'saved', list };
}

/** The other lists of the realms that a list touches. */
async function othersOf(state: NotifierState, list: ResourceList): Promise<readonly ResourceList[]> {
  const { realm, id, members } = list;
  const world = state.parts.world(realm);
  const found = members.map((member) => resolveId(member.id, realm, world));
  const realms = new Set([
    realm,
    ...found.flatMap((one) => (one.kind === 'resource' ? one.resource.realm : [])),
  ]);
  const all = await Promise.all([...realms].map((name) => state.lists.all(name)));
  return all.flat().filter((other) => other.realm !== realm || other.id !== id);
}

/** Phones of this node need not wait for the next round; what fails now is done in that. */
function announce(state: NotifierState, realm: string): void {
  state.lists.forget(realm);
  refreshLists(state).catch((error: unknown) => {
    state.parts.log.warn({ err: error, realm }, 'Cannot tell phones of a changed list now');
  });
}
