import { describe, expect, it } from 'vitest';
import type { ResourceList } from '../../../src/presence/resource-list.ts';
import { freshRealm } from './callflow-values.ts';
import { randomId } from './values.ts';
import type { Nodes } from './world.ts';

/** A list that is saved for the first time. */
export function listOf(realm: string, facts: Partial<ResourceList> = {}): ResourceList {
  const members = [{ id: '1001', name: 'J\u00f6rg \u{1f319}' }, { id: 'park@branch.example' }];
  return { realm, id: `list-${randomId()}`, name: 'Front desk', members, rev: 1, ...facts };
}

function nextOf(list: ResourceList, facts: Partial<ResourceList> = {}): ResourceList {
  return { ...list, rev: list.rev + 1, ...facts };
}

/** What every table of resource lists must do. */
export function listsContract(nodes: () => Nodes): void {
  describe('lists', () => {
    it('save() with rev 0 creates a list, whole, for every node', async () => {
      const list = listOf(freshRealm());
      expect(await nodes().one.lists.save(list, 0)).toBe('ok');
      expect(await nodes().other.lists.get(list.realm, list.id)).toEqual(list);
      expect(await nodes().other.lists.all(list.realm)).toEqual([list]);
      expect(await nodes().other.lists.save(list, 0)).toBe('stale');
    });

    it('get() and all() know nothing of other realms', async () => {
      const [realm, id] = [freshRealm(), randomId()];
      await nodes().one.lists.save(listOf(`x${realm}`, { id }), 0);
      expect(await nodes().one.lists.get(realm, id)).toBeNull();
      expect(await nodes().one.lists.all(realm)).toEqual([]);
    });

    it('all() gives them by name', async () => {
      const realm = freshRealm();
      for (const name of ['Desk 10', 'desk 9', 'Bar'])
        await nodes().one.lists.save(listOf(realm, { name }), 0);
      const all = await nodes().other.lists.all(realm);
      expect(all.map(({ name }) => name)).toEqual(['Bar', 'desk 9', 'Desk 10']);
    });

    it('save() replaces what has the expected rev only; gone and wrong revs write nothing', async () => {
      const { one, other } = nodes();
      const first = listOf(freshRealm());
      const second = nextOf(first, { members: [] });
      await one.lists.save(first, 0);
      expect(await other.lists.save(second, 1)).toBe('ok');
      expect(await one.lists.save(nextOf(first, { name: 'Lost' }), 1)).toBe('stale');
      expect(await one.lists.get(first.realm, first.id)).toEqual(second);
      expect(await one.lists.save(listOf(first.realm, { rev: 4 }), 3)).toBe('gone');
      await expect(one.lists.save({ ...second, rev: 9 }, 2)).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    it('of 20 saves at the same time with the same rev exactly one is ok', async () => {
      const { one, other } = nodes();
      const first = listOf(freshRealm());
      await one.lists.save(first, 0);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).lists.save(nextOf(first, { name: `Save ${index}` }), 1),
        ),
      );
      expect(results.filter((result) => result === 'ok')).toHaveLength(1);
      const stored = await one.lists.get(first.realm, first.id);
      expect(stored?.name).toBe(`Save ${results.indexOf('ok')}`);
    });

    it('remove() takes out what has the expected rev, and nothing else', async () => {
      const { one, other } = nodes();
      const list = listOf(freshRealm());
      const neighbour = listOf(list.realm);
      for (const each of [list, neighbour]) await one.lists.save(each, 0);
      expect(await other.lists.remove(list.realm, list.id, 2)).toBe('stale');
      expect(await other.lists.remove(list.realm, list.id, 1)).toBe('ok');
      expect(await other.lists.remove(list.realm, list.id, 1)).toBe('gone');
      expect(await one.lists.all(list.realm)).toEqual([neighbour]);
    });

    it('stamp() differs after each change of the realm, for every node, and after nothing else', async () => {
      const { one, other } = nodes();
      const list = listOf(freshRealm());
      const { realm, id } = list;
      const stamps = [await other.lists.stamp(realm)];
      const note = async () => stamps.push(await other.lists.stamp(realm));
      await one.lists.save(list, 0);
      await note();
      await one.lists.save(nextOf(list), 1);
      await note();
      await one.lists.remove(realm, id, 2);
      await note();
      expect(new Set(stamps).size).toBe(4);
      await one.lists.remove(realm, id, 2);
      await one.lists.save(listOf(`x${realm}`), 0);
      await one.callflows.stamp(realm);
      expect(await other.lists.stamp(realm)).toBe(stamps.at(-1));
    });

    it.each(['{}', 'a/b', '__proto__', '*', "o'hara", '\u00e9t\u00e9'])('an id may be "%s"', async (id) => {
      const list = listOf(freshRealm(), { id });
      expect(await nodes().one.lists.save(list, 0)).toBe('ok');
      expect(await nodes().other.lists.get(list.realm, id)).toEqual(list);
    });
  });
}
