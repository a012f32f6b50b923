import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { boardsContract } from './store/boards.ts';
import { busContract } from './store/bus.ts';
import { callflowOf, runOf, seatOf } from './store/callflow-values.ts';
import { callflowsContract } from './store/callflows.ts';
import { credentialsContract } from './store/credentials.ts';
import { listOf, listsContract } from './store/lists.ts';
import { nodesContract } from './store/nodes.ts';
import { postContract } from './store/post.ts';
import { subscriptionsContract } from './store/subscriptions.ts';
import { bump, freshResource, NOW, recordOf } from './store/values.ts';
import type { Nodes, StoreWorld } from './store/world.ts';

const PASSWORD = { md5: 'a'.repeat(32), sha256: 'b'.repeat(64) };

/** What every store must do, whatever it is made of. Where it can be shared, two nodes use it. */
export function storeContract(name: string, makeWorld: () => Promise<StoreWorld>): void {
  describe(`store contract: ${name}`, () => {
    let world: StoreWorld;
    const opened: Store[] = [];
    const nodes = (): Nodes => {
      const [one, other = one] = opened;
      if (one === undefined || other === undefined) throw new Error('the stores are not open');
      return { one, other };
    };

    beforeAll(async () => {
      world = await makeWorld();
      opened.push(await world.open());
      if (world.shared) opened.push(await world.open());
    });
    afterAll(async () => {
      for (const store of opened) await store.close();
      await world?.dispose();
    });

    it('is ready when it is open', () => {
      expect(nodes().one.ready()).toBe(true);
      expect(nodes().one.unsettled()).toBe(false);
    });

    boardsContract(nodes);
    subscriptionsContract(nodes);
    busContract(nodes);
    callflowsContract(nodes);
    credentialsContract(nodes);
    listsContract(nodes);
    nodesContract(nodes);
    postContract(nodes);

    // The last one, for it closes what the others use.
    it('keeps everything over close() and a new start; a closed store is away', async () => {
      const resource = freshResource();
      const record = recordOf(resource);
      const { board } = await nodes().one.boards.change(resource, bump(resource));
      await nodes().one.subscriptions.create(record);
      const callflow = callflowOf(resource.realm);
      const { realm, id } = callflow;
      const [seat, run] = [seatOf(realm), runOf(realm, id)];
      await nodes().one.callflows.save(callflow, 0);
      await nodes().one.callflows.saveSeat(seat, 0);
      await nodes().one.callflows.addRun(run);
      const list = listOf(realm);
      await nodes().one.lists.save(list, 0);
      await nodes().one.callflows.setScheduledUntil(realm, NOW);
      await nodes().one.callflows.claim(id, 600_000);
      const stamp = await nodes().one.callflows.stamp(realm);
      await nodes().one.credentials.put(realm, '1001', PASSWORD);
      const secret = await nodes().one.credentials.nonceSecret('a secret that is kept');
      for (const store of opened) await store.close();
      const [closed] = opened.splice(0);
      expect(closed?.ready()).toBe(false);
      await expect(closed?.boards.change(resource, bump(resource))).rejects.toMatchObject({
        code: 'STORE_AWAY',
      });
      await expect(closed?.boards.get(resource)).rejects.toMatchObject({ code: 'STORE_AWAY' });
      await expect(closed?.callflows.save({ ...callflow, rev: 2 }, 1)).rejects.toMatchObject({
        code: 'STORE_AWAY',
      });
      await expect(closed?.credentials.find(realm, '1001')).rejects.toMatchObject({ code: 'STORE_AWAY' });
      await expect(closed?.callflows.list(realm)).rejects.toMatchObject({ code: 'STORE_AWAY' });
      await expect(closed?.lists.all(realm)).rejects.toMatchObject({ code: 'STORE_AWAY' });
      await expect(closed?.lists.save(list, 0)).rejects.toMatchObject({ code: 'STORE_AWAY' });
      const again = await world.open();
      opened.push(again);
      expect(await again.boards.get(resource)).toEqual(board);
      expect(await again.subscriptions.find(record.id)).toEqual(record);
      expect(await again.credentials.find(realm, '1001')).toEqual(PASSWORD);
      expect(await again.credentials.nonceSecret('another one')).toBe(secret);
      expect(await again.callflows.list(realm)).toEqual([callflow]);
      expect(await again.callflows.seats(realm)).toEqual([seat]);
      expect(await again.callflows.runs(realm, id, 10)).toEqual([run]);
      expect(await again.lists.all(realm)).toEqual([list]);
      expect(await again.callflows.scheduledUntil(realm)).toBe(NOW);
      expect(await again.callflows.claim(id, 600_000)).toBe(false);
      expect(await again.callflows.stamp(realm)).toBe(stamp);
      expect(await again.callflows.realms()).toContain(realm);
    });
  });
}
