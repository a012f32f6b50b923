import { describe, expect, it } from 'vitest';
import type { Boards } from '../../../src/ports/boards.ts';
import type { Board } from '../../../src/presence/board.ts';
import { formatResource, type Resource } from '../../../src/presence/resource.ts';
import { publication } from '../../support/published.ts';
import { blank, bump, freshResource, NOW, randomId } from './values.ts';
import type { Nodes } from './world.ts';

/** Names that would break keys, patterns or URLs if they were not encoded. */
const ODD_USERS = [
  '#30',
  '%',
  '%23',
  '*67',
  '1001',
  'a b',
  'a/b',
  'a:b',
  "o'hara",
  '{}',
  '{b1}',
  '}{',
  '\u00e9t\u00e9',
  '\ufffd',
  '\u{1f4a1}',
];

/** What every table of boards must do. */
export function boardsContract(nodes: () => Nodes): void {
  describe('boards', () => {
    it('get() gives null for a resource that has no board', async () => {
      expect(await nodes().one.boards.get(freshResource())).toBeNull();
    });

    it('change() stores what was decided, whole, for every node', async () => {
      const resource = freshResource('\u{1f4a1} "lamp" <&>');
      const facts: Partial<Board> = {
        manual: { status: 'ringing', note: 'caf\u00e9 \u{1f6ce}', expiresAt: NOW + 1, dialogId: 'd1' },
        legs: [{ id: 'l1', state: 'early', direction: 'recipient', seq: 3, expiresAt: NOW + 2 }],
        ended: [{ id: 'l0', until: NOW + 3 }],
        lastDialogId: 'l0',
      };
      const { board, changed } = await nodes().one.boards.change(resource, bump(resource, facts));
      expect(changed).toBe(true);
      expect(board).toMatchObject({ resource, rev: 1, ...facts });
      expect(await nodes().other.boards.get(resource)).toEqual(board);
    });

    it('change() gives the stored board to the decision', async () => {
      const resource = freshResource();
      const first = await nodes().one.boards.change(resource, bump(resource));
      const seen: (Board | null)[] = [];
      await nodes().other.boards.change(resource, (current) => {
        seen.push(current);
        return bump(resource)(current);
      });
      expect(seen.at(-1)).toEqual(first.board);
    });

    it('change() changes nothing when the decision gives back what it got', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      expect(await one.boards.change(resource, (current) => current)).toEqual({
        board: null,
        changed: false,
      });
      await one.boards.change(resource, bump(resource));
      // Now the first node's knowledge is old: it must not decide on that alone.
      const { board } = await other.boards.change(resource, bump(resource));
      const same = await one.boards.change(resource, (current) => current);
      expect(same).toEqual({ board, changed: false });
      expect(await one.boards.get(resource)).toEqual(board);
    });

    it('change() rejects with what the decision throws, and stores nothing', async () => {
      const resource = freshResource();
      const failing = nodes().one.boards.change(resource, () => {
        throw new RangeError('no');
      });
      const [failed, stored] = await Promise.allSettled([
        failing,
        nodes().one.boards.change(resource, bump(resource)),
      ]);
      expect(failed).toMatchObject({ status: 'rejected', reason: new RangeError('no') });
      expect(stored).toMatchObject({ status: 'fulfilled', value: { board: { rev: 1 } } });
    });

    it('change() refuses a decision that removes a board', async () => {
      const resource = freshResource();
      await nodes().one.boards.change(resource, bump(resource));
      await expect(nodes().one.boards.change(resource, () => null)).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    });

    it('change() loses none of 100 changes that two nodes make at the same time', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      const changes = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          (index % 2 === 0 ? one : other).boards.change(resource, bump(resource)),
        ),
      );
      const revs = changes.map(({ board }) => board?.rev ?? 0).toSorted((a, b) => a - b);
      expect(revs).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect((await one.boards.get(resource))?.rev).toBe(100);
    });

    it('getMany() gives the boards in the order of the resources, null where there is none', async () => {
      const { one, other } = nodes();
      const resources = Array.from({ length: 600 }, () => freshResource());
      const stored = await Promise.all(
        resources.map((resource, index) =>
          index % 3 === 0 ? one.boards.change(resource, bump(resource)).then(({ board }) => board) : null,
        ),
      );
      expect(await other.boards.getMany(resources)).toEqual(stored);
      const [first, second] = resources;
      if (first === undefined || second === undefined) throw new Error('no resources');
      expect(await other.boards.getMany([first, second, first])).toEqual([stored[0], null, stored[0]]);
      expect(await other.boards.getMany([])).toEqual([]);
    });
  });

  listContract(nodes);
  dueContract(nodes);
}

function listContract(nodes: () => Nodes): void {
  describe('list of a realm', () => {
    it('list() gives the boards of one realm in pages, sorted by the octets of the user part', async () => {
      const realm = `${randomId()}.example`;
      const stored = await storeAll(nodes().one.boards, realm, ODD_USERS);
      await nodes().one.boards.change(
        { realm: `x${realm}`, user: 'else' },
        bump({ realm: `x${realm}`, user: 'else' }),
      );
      const sorted = stored.toSorted((one, other) => Buffer.compare(octets(one), octets(other)));
      for (const limit of [1, 4, ODD_USERS.length, 1000]) {
        expect(await walk(nodes().other.boards, realm, limit)).toEqual(sorted);
      }
    });

    it('list() gives pages of the limit, and null for the next after the last', async () => {
      const realm = `${randomId()}.example`;
      await storeAll(nodes().one.boards, realm, ['a', 'b', 'c', 'd']);
      const first = await nodes().one.boards.list(realm, null, 2);
      expect(first).toMatchObject({
        boards: [{ resource: { user: 'a' } }, { resource: { user: 'b' } }],
        next: 'b',
      });
      const second = await nodes().one.boards.list(realm, 'b', 2);
      expect(second).toMatchObject({
        boards: [{ resource: { user: 'c' } }, { resource: { user: 'd' } }],
        next: null,
      });
    });

    it('list() gives a full page also when blank boards lie between', async () => {
      const realm = `${randomId()}.example`;
      await storeAll(nodes().one.boards, realm, ['a', 'b', 'c', 'd', 'e']);
      for (const user of ['b', 'c', 'd']) {
        await nodes().one.boards.change({ realm, user }, blank({ realm, user }));
      }
      const page = await nodes().one.boards.list(realm, null, 2);
      expect(page.boards.map((board) => board.resource.user)).toEqual(['a', 'e']);
      expect(page.next).toBeNull();
      await nodes().other.boards.change({ realm, user: 'c' }, bump({ realm, user: 'c' }));
      expect((await nodes().one.boards.list(realm, 'a', 1)).boards[0]?.resource.user).toBe('c');
    });

    it('list() of a realm that nobody knows is empty', async () => {
      expect(await nodes().one.boards.list(`${randomId()}.example`, null, 10)).toEqual({
        boards: [],
        next: null,
      });
    });
  });
}

function dueContract(nodes: () => Nodes): void {
  // Each run counts from a moment of its own, before all others: nothing of other tests is due yet.
  const start = NOW - Math.floor(Math.random() * 1e11) - 1e11;
  const manual = (expiresAt: number): Partial<Board> => ({
    manual: { status: 'busy', expiresAt, dialogId: 'd' },
  });

  describe('due', () => {
    it('due() names a resource once its deadline has passed, for every node, until the deadline moves', async () => {
      const { one, other } = nodes();
      const resource = freshResource('due{}/%');
      await one.boards.change(resource, bump(resource, manual(start + 100)));
      expect(await dueOf(other.boards, start + 99)).not.toContain(formatResource(resource));
      expect(await dueOf(other.boards, start + 100)).toContain(formatResource(resource));
      expect(await dueOf(one.boards, start + 100)).toContain(formatResource(resource));
      await other.boards.change(resource, bump(resource, manual(start + 200)));
      expect(await dueOf(one.boards, start + 100)).not.toContain(formatResource(resource));
      expect(await dueOf(one.boards, start + 200)).toContain(formatResource(resource));
      await other.boards.change(resource, bump(resource, { manual: { status: 'busy', dialogId: 'd' } }));
      expect(await dueOf(one.boards, start + 200)).not.toContain(formatResource(resource));
    });

    it('due() takes the earliest deadline of a board: here that of a leg', async () => {
      const resource = freshResource();
      const leg = { id: 'l', state: 'early', expiresAt: start + 300 } as const;
      await nodes().one.boards.change(resource, bump(resource, { ...manual(start + 400), legs: [leg] }));
      expect(await dueOf(nodes().one.boards, start + 300)).toContain(formatResource(resource));
      await nodes().one.boards.change(resource, blank(resource));
      expect(await dueOf(nodes().one.boards, start + 400)).not.toContain(formatResource(resource));
    });

    it('due() sees the deadline of a publication, and get() gives the publication as it was', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      const expiresAt = start + 300;
      const published = [
        publication({ expiresAt, legs: [{ id: 'd1', state: 'early', held: true, expiresAt }] }),
        publication({
          etag: 'tag2',
          package: 'presence',
          expiresAt: start + 400,
          presence: { basic: 'open', activities: ['busy'], note: 'Zo\u00eb \u{1f4a1}' },
          busyId: 'b1',
        }),
      ];
      const facts = { manual: null, publications: published };
      const { board } = await one.boards.change(resource, bump(resource, facts));
      expect(await other.boards.get(resource)).toEqual(board);
      expect(board?.publications).toEqual(published);
      expect((await other.boards.list(resource.realm, null, 10)).boards).toEqual([board]);
      expect(await dueOf(other.boards, start + 299)).not.toContain(formatResource(resource));
      expect(await dueOf(other.boards, start + 300)).toContain(formatResource(resource));
      await other.boards.change(resource, bump(resource, { ...facts, publications: published.slice(1) }));
      expect(await dueOf(one.boards, start + 399)).not.toContain(formatResource(resource));
      expect(await dueOf(one.boards, start + 400)).toContain(formatResource(resource));
      await one.boards.change(resource, blank(resource));
      expect(await dueOf(one.boards, start + 400)).not.toContain(formatResource(resource));
    });

    it('due() gives at most the limit, and all of them in the end', async () => {
      const { boards } = nodes().one;
      const resources = Array.from({ length: 60 }, () => freshResource());
      await Promise.all(resources.map((one) => boards.change(one, bump(one, manual(start - 1000)))));
      const left = new Set(resources.map(formatResource));
      for (let call = 0; call < 200 && left.size > 0; call += 1) {
        const due = await boards.due(start - 1000, 7);
        expect(due.length).toBeLessThanOrEqual(7);
        for (const resource of due) {
          left.delete(formatResource(resource));
          await boards.change(resource, blank(resource));
        }
      }
      expect(left.size).toBe(0);
    });
  });
}

async function storeAll(boards: Boards, realm: string, users: readonly string[]): Promise<readonly Board[]> {
  const changes = users.map((user) => boards.change({ realm, user }, bump({ realm, user })));
  return (await Promise.all(changes)).map(({ board }) => board).filter((board) => board !== null);
}

async function walk(boards: Boards, realm: string, limit: number): Promise<readonly Board[]> {
  const all: Board[] = [];
  let after: string | null = null;
  do {
    const page = await boards.list(realm, after, limit);
    expect(page.boards.length).toBeLessThanOrEqual(limit);
    all.push(...page.boards);
    after = page.next;
  } while (after !== null);
  return all;
}

/** What is due in all slices that a store may look at one by one. */
async function dueOf(boards: Boards, now: number): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let call = 0; call < 13; call += 1) {
    for (const resource of await boards.due(now, 10_000)) found.add(formatResource(resource));
  }
  return [...found];
}

function octets(board: { readonly resource: Resource }): Buffer {
  return Buffer.from(board.resource.user, 'utf8');
}
