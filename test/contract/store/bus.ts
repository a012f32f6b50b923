import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketOf } from '../../../src/presence/resource.ts';
import { BusRecorder, bump, freshResource, randomId, soon } from './values.ts';
import type { Nodes } from './world.ts';

/** What every bus must do. */
export function busContract(nodes: () => Nodes): void {
  describe('bus', () => {
    const heard = new BusRecorder();

    beforeAll(() => nodes().one.bus.start(heard));
    afterAll(() => expect(heard.misses).toEqual([]));

    it('listen() hears the boards of a bucket from every node, whole', async () => {
      const { one, other } = nodes();
      const resource = freshResource('\u{1f4a1}');
      await one.bus.listen(bucketOf(resource));
      const { board: first } = await other.boards.change(resource, bump(resource));
      const { board: second } = await one.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource)).toHaveLength(2));
      expect(heard.boards.filter((board) => board.resource.realm === resource.realm)).toEqual([
        first,
        second,
      ]);
      one.bus.ignore(bucketOf(resource));
    });

    it('listen() hears the boards of a resource in the order in which they were stored', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      await one.bus.listen(bucketOf(resource));
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          (index % 2 === 0 ? one : other).boards.change(resource, bump(resource)),
        ),
      );
      await soon(() => expect(heard.revs(resource)).toHaveLength(60));
      expect(heard.revs(resource)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
      one.bus.ignore(bucketOf(resource));
    });

    it('listen() is counted: a bucket is heard until the last ignore()', async () => {
      const { one, other } = nodes();
      const resource = freshResource();
      const bucket = bucketOf(resource);
      await Promise.all([one.bus.listen(bucket), one.bus.listen(bucket)]);
      one.bus.ignore(bucket);
      await other.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource)).toEqual([1]));
      one.bus.ignore(bucket);
      one.bus.ignore(bucket);
      await other.boards.change(resource, bump(resource));
      await one.bus.listen(bucket);
      await other.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource).at(-1)).toBe(3));
      expect(heard.revs(resource)).toEqual([1, 3]);
      one.bus.ignore(bucket);
    });

    it('a change that changes nothing is not announced', async () => {
      const { one, other } = nodes();
      const resource = freshResource(randomId());
      await one.bus.listen(bucketOf(resource));
      await other.boards.change(resource, bump(resource));
      await other.boards.change(resource, (current) => current);
      await other.boards.change(resource, bump(resource));
      await soon(() => expect(heard.revs(resource).at(-1)).toBe(2));
      expect(heard.revs(resource)).toEqual([1, 2]);
      one.bus.ignore(bucketOf(resource));
    });
  });
}
