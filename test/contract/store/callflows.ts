import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { callflowOf, freshRealm, nextOf, runOf, seatOf, trickyJson } from './callflow-values.ts';
import { NOW, randomId } from './values.ts';
import type { Nodes } from './world.ts';

/** Names that would break keys, patterns or objects if they were not kept apart from them. */
const ODD_NAMES = [
  '{}',
  '}{',
  '{b1}',
  '{realm:x}',
  'a/b',
  'a:b',
  'a b',
  '*',
  '%7B',
  "o'hara",
  '__proto__',
  'constructor',
  '0',
  '01',
  '\u00e9t\u00e9',
  '\u{1f4a1}',
];

/** What every table of callflows, seats and runs must do. */
export function callflowsContract(nodes: () => Nodes): void {
  documentsContract(nodes);
  oddContract(nodes);
  stampContract(nodes);
  seatsContract(nodes);
  runsContract(nodes);
  claimsContract(nodes);
}

function documentsContract(nodes: () => Nodes): void {
  describe('callflows', () => {
    it('save() with rev 0 creates a callflow, whole, for every node', async () => {
      const callflow = callflowOf(freshRealm());
      expect(await nodes().one.callflows.save(callflow, 0)).toBe('ok');
      expect(await nodes().other.callflows.get(callflow.realm, callflow.id)).toEqual(callflow);
      expect(await nodes().other.callflows.list(callflow.realm)).toEqual([callflow]);
    });

    it('get() and list() know nothing of what was not saved, nor of other realms', async () => {
      const [realm, id] = [freshRealm(), randomId()];
      await nodes().one.callflows.save(callflowOf(`x${realm}`, { id }), 0);
      expect(await nodes().one.callflows.get(realm, id)).toBeNull();
      expect(await nodes().one.callflows.list(realm)).toEqual([]);
    });

    it('save() with rev 0 is stale when there is such a callflow already', async () => {
      const callflow = callflowOf(freshRealm());
      await nodes().one.callflows.save(callflow, 0);
      expect(await nodes().other.callflows.save({ ...callflow, name: 'Mine' }, 0)).toBe('stale');
      expect(await nodes().one.callflows.get(callflow.realm, callflow.id)).toEqual(callflow);
    });

    it('save() replaces what has the expected rev', async () => {
      const first = callflowOf(freshRealm());
      const second = nextOf(first, { name: 'Day', flow: null, seat: null, numbers: [], rest: {} });
      await nodes().one.callflows.save(first, 0);
      expect(await nodes().other.callflows.save(second, 1)).toBe('ok');
      expect(await nodes().one.callflows.get(first.realm, first.id)).toEqual(second);
    });

    it('a stale save writes nothing, whether its rev is older or newer', async () => {
      const first = callflowOf(freshRealm());
      const second = nextOf(first, { name: 'Second' });
      await nodes().one.callflows.save(first, 0);
      await nodes().one.callflows.save(second, 1);
      for (const expected of [1, 3, 22]) {
        const stale = { ...first, name: 'Lost', rev: expected + 1 };
        expect(await nodes().other.callflows.save(stale, expected)).toBe('stale');
      }
      expect(await nodes().one.callflows.get(first.realm, first.id)).toEqual(second);
    });

    it('the very same save a second time is stale', async () => {
      const callflow = callflowOf(freshRealm());
      await nodes().one.callflows.save(callflow, 0);
      expect(await nodes().one.callflows.save(callflow, 0)).toBe('stale');
    });

    it('save() of a callflow that is gone makes none', async () => {
      const callflow = callflowOf(freshRealm(), { rev: 4 });
      expect(await nodes().one.callflows.save(callflow, 3)).toBe('gone');
      expect(await nodes().one.callflows.list(callflow.realm)).toEqual([]);
    });

    it('save() refuses a callflow whose rev does not follow the expected one', async () => {
      const callflow = callflowOf(freshRealm(), { rev: 5 });
      const refused = expect.objectContaining({ code: 'INTERNAL' });
      await expect(nodes().one.callflows.save(callflow, 3)).rejects.toEqual(refused);
      await expect(nodes().one.callflows.save(callflow, 5)).rejects.toEqual(refused);
    });

    it('of 20 saves at the same time with the same rev exactly one is ok, and that one is stored', async () => {
      const { one, other } = nodes();
      const first = callflowOf(freshRealm());
      await one.callflows.save(first, 0);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).callflows.save(nextOf(first, { name: `Save ${index}` }), 1),
        ),
      );
      expect(results.toSorted()).toEqual(['ok', ...Array.from({ length: 19 }, () => 'stale')]);
      const stored = await one.callflows.get(first.realm, first.id);
      expect(stored).toEqual(nextOf(first, { name: `Save ${results.indexOf('ok')}` }));
    });

    it('of 20 creations of the same callflow at the same time exactly one is ok', async () => {
      const { one, other } = nodes();
      const callflow = callflowOf(freshRealm());
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).callflows.save(callflow, 0)),
      );
      expect(results.filter((result) => result === 'ok')).toHaveLength(1);
    });

    it('remove() takes out what has the expected rev, and nothing else', async () => {
      const { one, other } = nodes();
      const [first, kept] = [callflowOf(freshRealm()), callflowOf(freshRealm())];
      const neighbour = callflowOf(first.realm);
      for (const callflow of [first, kept, neighbour]) await one.callflows.save(callflow, 0);
      await one.callflows.save(nextOf(first), 1);
      expect(await other.callflows.remove(first.realm, first.id, 1)).toBe('stale');
      expect(await other.callflows.remove(first.realm, first.id, 2)).toBe('ok');
      expect(await one.callflows.get(first.realm, first.id)).toBeNull();
      expect(await one.callflows.list(first.realm)).toEqual([neighbour]);
      expect(await one.callflows.get(kept.realm, kept.id)).toEqual(kept);
      expect(await one.callflows.remove(first.realm, first.id, 2)).toBe('gone');
      expect(await one.callflows.remove(first.realm, first.id, 0)).toBe('gone');
      expect(await one.callflows.save(nextOf(first), 1)).toBe('gone');
      expect(await one.callflows.save(first, 0)).toBe('ok');
    });

    it('a save and a removal at the same time: one of them wins', async () => {
      const { one, other } = nodes();
      for (let round = 0; round < 20; round += 1) {
        const first = callflowOf(freshRealm());
        await one.callflows.save(first, 0);
        const [saved, removed] = await Promise.all([
          one.callflows.save(nextOf(first), 1),
          other.callflows.remove(first.realm, first.id, 1),
        ]);
        expect([saved, removed]).toEqual(saved === 'ok' ? ['ok', 'stale'] : ['gone', 'ok']);
        const stored = await one.callflows.get(first.realm, first.id);
        expect(stored).toEqual(saved === 'ok' ? nextOf(first) : null);
      }
    });

    it('list() gives callflows by name, numbers in them by value, and by id where names are the same', async () => {
      const realm = freshRealm();
      const names = ['night 10', 'Night 9', 'abend', 'Zone', '\u00e4rzte', ''];
      for (const name of names) await nodes().one.callflows.save(callflowOf(realm, { name }), 0);
      for (const id of ['b', 'a']) await nodes().one.callflows.save(callflowOf(realm, { id, name: 'x' }), 0);
      const listed = await nodes().other.callflows.list(realm);
      expect(listed.map(({ name }) => name)).toEqual([
        '',
        'abend',
        '\u00e4rzte',
        'Night 9',
        'night 10',
        'x',
        'x',
        'Zone',
      ]);
      expect(listed.slice(5, 7).map(({ id }) => id)).toEqual(['a', 'b']);
    });

    it('realms() names a realm once while it has callflows', async () => {
      const { one, other } = nodes();
      const [used, seated] = [freshRealm(), freshRealm()];
      const [first, second] = [callflowOf(used), callflowOf(used)];
      for (const callflow of [first, second]) await one.callflows.save(callflow, 0);
      await one.callflows.saveSeat(seatOf(seated), 0);
      await one.callflows.save(callflowOf(seated, { rev: 2 }), 1);
      const realms = await other.callflows.realms();
      expect(realms.filter((realm) => realm === used)).toHaveLength(1);
      expect(realms).not.toContain(seated);
      await one.callflows.remove(used, first.id, 1);
      expect(await other.callflows.realms()).toContain(used);
      await one.callflows.remove(used, second.id, 1);
      expect(await other.callflows.realms()).not.toContain(used);
      await one.callflows.save(first, 0);
      expect(await other.callflows.realms()).toContain(used);
    });
  });
}

function oddContract(nodes: () => Nodes): void {
  describe('odd callflows', () => {
    it('realms and ids of any characters are kept apart', async () => {
      const { one, other } = nodes();
      const prefix = randomId();
      const realms = ODD_NAMES.map((name) => `${name}${prefix}`);
      const callflows = realms.flatMap((realm) => ODD_NAMES.map((id) => callflowOf(realm, { id, name: id })));
      for (const result of await Promise.all(callflows.map((callflow) => one.callflows.save(callflow, 0))))
        expect(result).toBe('ok');
      for (const callflow of callflows)
        expect(await other.callflows.get(callflow.realm, callflow.id)).toEqual(callflow);
      expect(await other.callflows.realms()).toEqual(expect.arrayContaining(realms));
      for (const realm of realms) {
        const ids = (await other.callflows.list(realm)).map(({ id }) => id);
        expect(ids.toSorted()).toEqual(ODD_NAMES.toSorted());
        await Promise.all(ODD_NAMES.map((id) => one.callflows.addRun(runOf(realm, id, { number: id }))));
        await Promise.all(ODD_NAMES.map((id) => one.callflows.saveSeat(seatOf(realm, { id }), 0)));
        expect(await other.callflows.seats(realm)).toHaveLength(ODD_NAMES.length);
        for (const id of ODD_NAMES)
          expect((await other.callflows.runs(realm, id, 10)).map(({ number }) => number)).toEqual([id]);
      }
      expect(await other.callflows.remove(realms[0] ?? '', '{}', 1)).toBe('ok');
      expect(await one.callflows.list(realms[0] ?? '')).toHaveLength(ODD_NAMES.length - 1);
      expect(await one.callflows.list(realms[1] ?? '')).toHaveLength(ODD_NAMES.length);
    });

    it('keys such as __proto__ in data and rest stay keys, and reach no prototype', async () => {
      const flow = { module: 'x', data: trickyJson(), children: {}, rest: trickyJson() };
      const callflow = callflowOf(freshRealm(), { flow, rest: trickyJson() });
      await nodes().one.callflows.save(callflow, 0);
      const stored = await nodes().other.callflows.get(callflow.realm, callflow.id);
      expect(JSON.stringify(stored)).toBe(JSON.stringify(callflow));
      expect(Object.hasOwn(stored?.rest ?? {}, '__proto__')).toBe(true);
      expect({}).not.toHaveProperty('polluted');
    });

    it('a large and deep callflow is kept whole', async () => {
      const flow = Array.from({ length: 60 }).reduce<ReturnType<typeof callflowOf>['flow']>(
        (below) => ({
          module: 'sleep',
          data: { note: '\u{1f4a4}"\\'.repeat(2000) },
          children: below === null ? {} : { _: below },
        }),
        null,
      );
      const callflow = callflowOf(freshRealm(), { flow });
      await nodes().one.callflows.save(callflow, 0);
      expect(await nodes().other.callflows.get(callflow.realm, callflow.id)).toEqual(callflow);
    });
  });
}

function stampContract(nodes: () => Nodes): void {
  describe('the stamp of a realm', () => {
    it('differs after each change by any node, and only then', async () => {
      const { one, other } = nodes();
      const callflow = callflowOf(freshRealm());
      const { realm, id } = callflow;
      const stamps = [await one.callflows.stamp(realm)];
      const changed = async () => {
        const stamp = await one.callflows.stamp(realm);
        expect(stamps).not.toContain(stamp);
        expect(Number.isSafeInteger(stamp)).toBe(true);
        expect(await other.callflows.stamp(realm)).toBe(stamp);
        stamps.push(stamp);
      };
      const unchanged = async () => expect(await one.callflows.stamp(realm)).toBe(stamps.at(-1));

      await other.callflows.save(callflow, 0);
      await changed();
      await one.callflows.save(nextOf(callflow), 1);
      await changed();
      await other.callflows.save(nextOf(callflow), 1);
      await unchanged();
      await other.callflows.remove(realm, id, 1);
      await unchanged();
      await other.callflows.save(callflowOf(`x${realm}`), 0);
      await unchanged();
      await other.callflows.remove(realm, id, 2);
      await changed();
      await other.callflows.remove(realm, id, 2);
      await unchanged();
      await other.callflows.save(callflow, 0);
      await changed();
    });
  });
}

function seatsContract(nodes: () => Nodes): void {
  describe('seats', () => {
    it('saveSeat() creates and replaces by the expected rev; stale and gone write nothing', async () => {
      const { one, other } = nodes();
      const seat = seatOf(freshRealm(), { name: 'T\u00fcr \u{1f6aa}' });
      const next = { ...seat, presenceId: 'door', rev: 2 };
      expect(await one.callflows.saveSeat(next, 1)).toBe('gone');
      expect(await one.callflows.seats(seat.realm)).toEqual([]);
      expect(await one.callflows.saveSeat(seat, 0)).toBe('ok');
      expect(await other.callflows.seats(seat.realm)).toEqual([seat]);
      expect(await other.callflows.saveSeat(seat, 0)).toBe('stale');
      expect(await other.callflows.saveSeat(next, 1)).toBe('ok');
      expect(await other.callflows.saveSeat({ ...next, name: 'Lost' }, 1)).toBe('stale');
      expect(await one.callflows.seats(seat.realm)).toEqual([next]);
      await expect(one.callflows.saveSeat(next, 4)).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    it('seats() gives those of one realm, by name', async () => {
      const realm = freshRealm();
      const names = ['Seat 10', 'seat 9', 'Bar'];
      for (const name of names) await nodes().one.callflows.saveSeat(seatOf(realm, { name }), 0);
      await nodes().one.callflows.saveSeat(seatOf(`x${realm}`), 0);
      const seats = await nodes().other.callflows.seats(realm);
      expect(seats.map(({ name }) => name)).toEqual(['Bar', 'seat 9', 'Seat 10']);
    });

    it('removeSeat() takes one out; a second time it is gone; callflows of the same id stay', async () => {
      const seat = seatOf(freshRealm());
      const callflow = callflowOf(seat.realm, { id: seat.id });
      await nodes().one.callflows.saveSeat(seat, 0);
      await nodes().one.callflows.save(callflow, 0);
      expect(await nodes().other.callflows.removeSeat(seat.realm, seat.id)).toBe('ok');
      expect(await nodes().one.callflows.seats(seat.realm)).toEqual([]);
      expect(await nodes().other.callflows.removeSeat(seat.realm, seat.id)).toBe('gone');
      expect(await nodes().one.callflows.get(callflow.realm, callflow.id)).toEqual(callflow);
    });
  });
}

function runsContract(nodes: () => Nodes): void {
  describe('runs', () => {
    it('runs() gives the records of one callflow, newest first, at most the limit', async () => {
      const { one, other } = nodes();
      const [realm, id] = [freshRealm(), randomId()];
      const [first, second, third] = [1, 2, 3].map((n) => runOf(realm, id, { startedAt: NOW - n }));
      if (first === undefined || second === undefined || third === undefined) throw new Error('no runs');
      for (const run of [first, second, third]) await one.callflows.addRun(run);
      await one.callflows.addRun(runOf(realm, `x${id}`));
      await one.callflows.addRun(runOf(`x${realm}`, id));
      expect(await other.callflows.runs(realm, id, 100)).toEqual([third, second, first]);
      expect(await other.callflows.runs(realm, id, 2)).toEqual([third, second]);
      expect(await other.callflows.runs(realm, id, 0)).toEqual([]);
      expect(await other.callflows.runs(realm, randomId(), 10)).toEqual([]);
    });

    it('the newest 100 of each callflow stay', async () => {
      const { one, other } = nodes();
      const [realm, id, quiet] = [freshRealm(), randomId(), randomId()];
      await one.callflows.addRun(runOf(realm, quiet));
      for (let number = 1; number <= 130; number += 1)
        await (number % 2 === 0 ? one : other).callflows.addRun(runOf(realm, id, { number: String(number) }));
      const runs = await one.callflows.runs(realm, id, 1000);
      expect(runs.map(({ number }) => Number(number))).toEqual(
        Array.from({ length: 100 }, (_, index) => 130 - index),
      );
      expect(await one.callflows.runs(realm, quiet, 1000)).toHaveLength(1);
    });

    it('a record that is given twice is kept once, where it was', async () => {
      const [realm, id] = [freshRealm(), randomId()];
      const [run, later] = [runOf(realm, id), runOf(realm, id)];
      for (const one of [run, later, run]) await nodes().one.callflows.addRun(one);
      expect(await nodes().one.callflows.runs(realm, id, 10)).toEqual([later, run]);
    });

    it('go with their callflow', async () => {
      const callflow = callflowOf(freshRealm());
      const { realm, id } = callflow;
      await nodes().one.callflows.save(callflow, 0);
      await nodes().one.callflows.addRun(runOf(realm, id));
      await nodes().one.callflows.addRun(runOf(realm, `x${id}`));
      await nodes().one.callflows.remove(realm, id, 7);
      expect(await nodes().other.callflows.runs(realm, id, 10)).toHaveLength(1);
      await nodes().one.callflows.remove(realm, id, 1);
      expect(await nodes().other.callflows.runs(realm, id, 10)).toEqual([]);
      expect(await nodes().other.callflows.runs(realm, `x${id}`, 10)).toHaveLength(1);
    });
  });
}

function claimsContract(nodes: () => Nodes): void {
  describe('claims and the schedule', () => {
    it('of 50 claims at the same time exactly one is true; another key is another claim', async () => {
      const { one, other } = nodes();
      const key = `schedule/{}/${randomId()}`;
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 === 0 ? one : other).callflows.claim(key, 60_000),
        ),
      );
      expect(claims.filter((claimed) => claimed)).toHaveLength(1);
      expect(await one.callflows.claim(key, 60_000)).toBe(false);
      expect(await one.callflows.claim(`${key}x`, 60_000)).toBe(true);
    });

    it('a claim can be had again once it ran out, and by one only', async () => {
      const { one, other } = nodes();
      const key = randomId();
      expect(await one.callflows.claim(key, 1000)).toBe(true);
      expect(await other.callflows.claim(key, 60_000)).toBe(false);
      await pause(1050);
      const claims = await Promise.all([one, other, one].map((node) => node.callflows.claim(key, 60_000)));
      expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    });

    it('scheduledUntil() is null before the first time, then what any node has set', async () => {
      const { one, other } = nodes();
      const realm = freshRealm();
      expect(await one.callflows.scheduledUntil(realm)).toBeNull();
      await one.callflows.setScheduledUntil(realm, NOW);
      expect(await other.callflows.scheduledUntil(realm)).toBe(NOW);
      await other.callflows.setScheduledUntil(realm, NOW + 60_000);
      expect(await one.callflows.scheduledUntil(realm)).toBe(NOW + 60_000);
      // A clock that was wrong is put right.
      await one.callflows.setScheduledUntil(realm, NOW - 1);
      expect(await other.callflows.scheduledUntil(realm)).toBe(NOW - 1);
      expect(await one.callflows.scheduledUntil(`x${realm}`)).toBeNull();
    });
  });
}
