import { describe, expect, it } from 'vitest';
import type { SubscriptionRecord, Subscriptions } from '../../../src/ports/subscriptions.ts';
import { bump, freshResource, NOW, randomId, recordOf } from './values.ts';
import type { Nodes } from './world.ts';

/** What every table of subscriptions must do. */
export function subscriptionsContract(nodes: () => Nodes): void {
  describe('subscriptions', () => {
    it('create() stores a record whole and gives the board of its resource', async () => {
      const { one, other } = nodes();
      const resource = freshResource('\u{1f4a1}{}/');
      const record = recordOf(resource, {
        eventId: 'x',
        acked: { rev: 3, change: 'c-3' },
        stack: {
          server: '127.0.0.1:9022',
          dialogId: 'abc;from-tag=1',
          flow: recordOf(resource).flow,
          target: 'sip:a@b',
          inDialog: true,
        },
      });
      expect(await one.subscriptions.create(record)).toBeNull();
      expect(await other.subscriptions.find(record.id)).toEqual(record);
      const { board } = await one.boards.change(resource, bump(resource));
      expect(await other.subscriptions.create(recordOf(resource))).toEqual(board);
    });

    it.each([
      '',
      'b',
      'b1',
      'b1-',
      'b4096-abc',
      'b01-abc',
      'b1-a{b}',
      'b1-a b',
      "b1-' OR 1=1",
      `b1-${randomId()}`,
      'constructor',
    ])('find() gives null for the unknown or malformed id "%s"', async (id) => {
      expect(await nodes().one.subscriptions.find(id)).toBeNull();
    });

    it('find() gives a record that has expired and was not removed', async () => {
      const record = recordOf(freshResource(), { expiresAt: 1000 });
      await nodes().one.subscriptions.create(record);
      expect(await nodes().one.subscriptions.find(record.id)).toEqual(record);
    });

    it('update() replaces a record, also with fields that become null', async () => {
      const { one, other } = nodes();
      const record = recordOf(freshResource(), { acked: { rev: 1, change: 'c' } });
      await one.subscriptions.create(record);
      const later = {
        ...record,
        acked: null,
        expiresAt: NOW + 9_000_000,
        userAgent: 'Phone/2.0',
        cseqCeiling: 40,
      };
      expect(await other.subscriptions.update(later, 1)).toBe('ok');
      expect(await one.subscriptions.find(record.id)).toEqual(later);
    });

    it('update() and remove() of an older owner are stale', async () => {
      const { one, other } = nodes();
      const record = recordOf(freshResource());
      await one.subscriptions.create(record);
      const taken = { ...record, owner: 'node-b', epoch: 2 };
      expect(await other.subscriptions.update(taken, 1)).toBe('ok');
      expect(await one.subscriptions.update({ ...record, userAgent: 'old' }, 1)).toBe('stale');
      expect(await one.subscriptions.remove(record)).toBe('stale');
      expect(await one.subscriptions.find(record.id)).toEqual(taken);
    });

    it('update() of two nodes that take a record over at the same time is ok for one of them', async () => {
      const { one, other } = nodes();
      const record = recordOf(freshResource());
      await one.subscriptions.create(record);
      const results = await Promise.all([
        one.subscriptions.update({ ...record, owner: 'node-b', epoch: 2 }, 1),
        other.subscriptions.update({ ...record, owner: 'node-c', epoch: 2 }, 1),
      ]);
      expect(results.toSorted()).toEqual(['ok', 'stale']);
    });

    it('update() and remove() of a record that is not there are gone', async () => {
      const record = recordOf(freshResource());
      expect(await nodes().one.subscriptions.update(record, 1)).toBe('gone');
      expect(await nodes().one.subscriptions.find(record.id)).toBeNull();
      expect(await nodes().one.subscriptions.remove(record)).toBe('gone');
    });

    it('remove() removes the record and every trace of it', async () => {
      const { one, other } = nodes();
      const record = recordOf(freshResource(), { owner: randomId() });
      await one.subscriptions.create(record);
      expect(await one.subscriptions.remove(record)).toBe('ok');
      expect(await other.subscriptions.find(record.id)).toBeNull();
      expect(await other.subscriptions.count(record.resource, NOW)).toBe(0);
      expect(await other.subscriptions.watchers(record.resource, NOW)).toEqual([]);
      expect(await other.subscriptions.realmsWatching(record.resource.user, NOW)).not.toContain(
        record.resource.realm,
      );
      expect(await ownedBy(other.subscriptions, record.owner)).toEqual([]);
    });
  });

  checkpointContract(nodes);
  watchersContract(nodes);
  watchedContract(nodes);
  ownedContract(nodes);
}

function checkpointContract(nodes: () => Nodes): void {
  describe('checkpoint', () => {
    it('checkpoint() writes progress of many records, and names those that are stale or gone', async () => {
      const { one, other } = nodes();
      const records = Array.from({ length: 300 }, () => recordOf(freshResource()));
      await Promise.all(records.map((record) => one.subscriptions.create(record)));
      const [first, second, third] = records as [SubscriptionRecord, SubscriptionRecord, SubscriptionRecord];
      await other.subscriptions.update({ ...first, owner: 'node-b', epoch: 2 }, 1);
      await other.subscriptions.remove(second);
      const skipped = await one.subscriptions.checkpoint([
        ...records.map(({ id }, index) => ({
          id,
          epoch: 1,
          acked: { rev: index, change: `c ${index}` },
          cseqCeiling: 100,
          versionCeiling: 4_000_000_000,
        })),
        { id: 'nonsense', epoch: 1, acked: null, cseqCeiling: 1, versionCeiling: 1 },
      ]);
      expect(skipped.toSorted()).toEqual([first.id, second.id, 'nonsense'].toSorted());
      expect(await other.subscriptions.find(third.id)).toEqual({
        ...third,
        acked: { rev: 2, change: 'c 2' },
        cseqCeiling: 100,
        versionCeiling: 4_000_000_000,
      });
      expect(await other.subscriptions.find(first.id)).toMatchObject({
        epoch: 2,
        acked: null,
        cseqCeiling: 50,
      });
      expect(await other.subscriptions.find(second.id)).toBeNull();
    });

    it('checkpoint() never lowers a ceiling, and may take back what was confirmed', async () => {
      const record = recordOf(freshResource(), {
        acked: { rev: 9, change: 'c' },
        cseqCeiling: 100_000_000_000_000,
      });
      await nodes().one.subscriptions.create(record);
      const point = { id: record.id, epoch: 1, acked: null, cseqCeiling: 10, versionCeiling: 51 };
      expect(await nodes().one.subscriptions.checkpoint([point])).toEqual([]);
      expect(await nodes().other.subscriptions.find(record.id)).toEqual({
        ...record,
        acked: null,
        versionCeiling: 51,
      });
    });

    it('checkpoint() of nothing is nothing', async () => {
      expect(await nodes().one.subscriptions.checkpoint([])).toEqual([]);
    });
  });
}

function watchersContract(nodes: () => Nodes): void {
  describe('watchers', () => {
    it('watchers() and count() know the live subscriptions of one resource, the newest last', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      const newest = recordOf(resource, { createdAt: NOW + 3, expiresAt: NOW + 5000 });
      const oldest = recordOf(resource, { createdAt: NOW + 1, expiresAt: NOW + 9000 });
      const middle = recordOf(resource, { createdAt: NOW + 2, expiresAt: NOW + 7000 });
      for (const record of [newest, oldest, middle]) await one.subscriptions.create(record);
      await one.subscriptions.create(recordOf({ ...resource, user: 'else' }));
      expect(await other.subscriptions.watchers(resource, NOW)).toEqual([oldest, middle, newest]);
      expect(await other.subscriptions.count(resource, NOW)).toBe(3);
      expect(await other.subscriptions.watchers(resource, NOW + 5000)).toEqual([oldest, middle]);
      expect(await other.subscriptions.count(resource, NOW + 5000)).toBe(2);
      await one.subscriptions.update({ ...newest, expiresAt: NOW + 20_000 }, 1);
      expect(await other.subscriptions.count(resource, NOW + 10_000)).toBe(1);
    });

    it('realmsWatching() names the realms in which a user part is watched now', async () => {
      const { one, other } = nodes();
      const user = `night-${randomId()}`;
      const [here, there] = [freshResource(user), freshResource(user)];
      await one.subscriptions.create(recordOf(here, { expiresAt: NOW + 1000 }));
      const second = recordOf(there, { expiresAt: NOW + 2000 });
      await one.subscriptions.create(second);
      const realms = async (now: number) => (await other.subscriptions.realmsWatching(user, now)).toSorted();
      expect(await realms(NOW)).toEqual([here.realm, there.realm].toSorted());
      expect(await realms(NOW + 1500)).toEqual([there.realm]);
      await one.subscriptions.update({ ...second, expiresAt: NOW + 5000 }, 1);
      expect(await realms(NOW + 3000)).toEqual([there.realm]);
      await one.subscriptions.remove({ ...second, expiresAt: NOW + 5000 });
      expect(await realms(NOW)).toEqual([here.realm]);
    });
  });
}

function watchedContract(nodes: () => Nodes): void {
  describe('watched', () => {
    /** Every page of a realm, joined. */
    async function pages(realm: string, limit: number, now = NOW): Promise<readonly string[]> {
      const users: string[] = [];
      let after: string | null = null;
      do {
        const page = await nodes().other.subscriptions.watched(realm, { after, limit, now });
        expect(page.users.length).toBeLessThanOrEqual(limit);
        users.push(...page.users);
        after = page.next;
      } while (after !== null);
      return users;
    }

    it('watched() gives each watched user part of a realm once, in pages sorted by UTF-8 octets', async () => {
      const { one } = nodes();
      const { realm } = freshResource();
      const users = ['\u{1f4a1}', 'b{}/', 'a', '\uffee', 'Z', 'a1'];
      for (const user of users) await one.subscriptions.create(recordOf({ realm, user }));
      await one.subscriptions.create(recordOf({ realm, user: 'a' }));
      await one.subscriptions.create(recordOf(freshResource('elsewhere')));
      const sorted = ['Z', 'a', 'a1', 'b{}/', '\uffee', '\u{1f4a1}'];
      expect(await pages(realm, 100)).toEqual(sorted);
      expect(await pages(realm, 2)).toEqual(sorted);
      expect(await pages(realm, 3)).toEqual(sorted);
      const ask = { after: 'a1', limit: 2, now: NOW };
      expect(await one.subscriptions.watched(realm, ask)).toEqual({
        users: ['b{}/', '\uffee'],
        next: '\uffee',
      });
      expect(await one.subscriptions.watched(randomId(), { ...ask, after: null })).toEqual({
        users: [],
        next: null,
      });
    });

    it('watched() leaves out what has expired or was removed, also between two that are live', async () => {
      const { one, other } = nodes();
      const { realm } = freshResource();
      const records = Array.from({ length: 9 }, (_, index) =>
        recordOf({ realm, user: String(index) }, { expiresAt: NOW + (index % 3 === 0 ? 9000 : 1000) }),
      );
      for (const record of records) await one.subscriptions.create(record);
      const [first, second] = records as [SubscriptionRecord, SubscriptionRecord];
      await other.subscriptions.remove(first);
      expect(await pages(realm, 2)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
      expect(await pages(realm, 2, NOW + 5000)).toEqual(['3', '6']);
      await one.subscriptions.update({ ...second, expiresAt: NOW + 20_000 }, 1);
      expect(await pages(realm, 2, NOW + 5000)).toEqual(['1', '3', '6']);
    });

    it('watchStamp() differs after a new subscription, also of an ID that was watched before', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      const stamps = [await other.subscriptions.watchStamp(resource.realm)];
      for (let turn = 0; turn < 3; turn += 1) {
        const record = recordOf(resource);
        await one.subscriptions.create(record);
        stamps.push(await other.subscriptions.watchStamp(resource.realm));
        await one.subscriptions.remove(record);
      }
      expect(new Set(stamps).size).toBe(4);
      expect(await other.subscriptions.watchStamp(resource.realm)).toBe(stamps.at(-1));
    });
  });
}

function ownedContract(nodes: () => Nodes): void {
  describe('owned', () => {
    it('owned() gives every record of a node, in pages', async () => {
      const { one, other } = nodes();
      const owner = randomId();
      const records = Array.from({ length: 1200 }, () => recordOf(freshResource(), { owner }));
      await Promise.all(records.map((record) => one.subscriptions.create(record)));
      const owned = await ownedBy(other.subscriptions, owner);
      expect(owned.toSorted(byId)).toEqual(records.toSorted(byId));
      for await (const page of other.subscriptions.owned(owner)) expect(page.length).toBeLessThanOrEqual(500);
    });

    it('owned() follows a record to its new owner', async () => {
      const { one, other } = nodes();
      const [old, young] = [randomId(), randomId()];
      const record = recordOf(freshResource(), { owner: old });
      await one.subscriptions.create(record);
      const taken = { ...record, owner: young, epoch: 2 };
      await other.subscriptions.update(taken, 1);
      expect(await ownedBy(one.subscriptions, old)).toEqual([]);
      expect(await ownedBy(one.subscriptions, young)).toEqual([taken]);
    });

    it('owned() of an unknown node is empty', async () => {
      expect(await ownedBy(nodes().one.subscriptions, `{${randomId()}}:/`)).toEqual([]);
    });
  });
}

async function ownedBy(subscriptions: Subscriptions, node: string): Promise<readonly SubscriptionRecord[]> {
  const all: SubscriptionRecord[] = [];
  for await (const page of subscriptions.owned(node)) all.push(...page);
  return all;
}

function byId(one: SubscriptionRecord, other: SubscriptionRecord): number {
  return one.id < other.id ? -1 : 1;
}
