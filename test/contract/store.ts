import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { boardsContract } from './store/boards.ts';
import { busContract } from './store/bus.ts';
import { subscriptionsContract } from './store/subscriptions.ts';
import { bump, freshResource, recordOf } from './store/values.ts';
import type { Nodes, StoreWorld } from './store/world.ts';

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
    });

    boardsContract(nodes);
    subscriptionsContract(nodes);
    busContract(nodes);

    // The last one, for it closes what the others use.
    it('keeps everything over close() and a new start; a closed store is away', async () => {
      const resource = freshResource();
      const record = recordOf(resource);
      const { board } = await nodes().one.boards.change(resource, bump(resource));
      await nodes().one.subscriptions.create(record);
      for (const store of opened) await store.close();
      const [closed] = opened.splice(0);
      expect(closed?.ready()).toBe(false);
      await expect(closed?.boards.change(resource, bump(resource))).rejects.toMatchObject({
        code: 'STORE_AWAY',
      });
      await expect(closed?.boards.get(resource)).rejects.toMatchObject({ code: 'STORE_AWAY' });
      const again = await world.open();
      opened.push(again);
      expect(await again.boards.get(resource)).toEqual(board);
      expect(await again.subscriptions.find(record.id)).toEqual(record);
    });
  });
}
