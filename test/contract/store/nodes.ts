import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { instanceOf, LEFT } from '../../../src/ports/nodes.ts';
import { randomToken } from '../../support/phone.ts';
import type { Nodes } from './world.ts';

/** Longer than any test takes, in ms. */
const LONG_MS = 60_000;

/** The contract of `Nodes`: heartbeats, and claims on who has none any more. */
export function nodesContract(nodes: () => Nodes): void {
  const process = (node = `node-${randomToken()}`) => ({ node, instance: randomToken() });
  const signOf = async (node: string) => (await look()).signs.get(node);
  const look = () => nodes().other.nodes.beat(process(), null);

  describe('nodes', () => {
    it('beat() gives a sign that all nodes see, and that differs each time', async () => {
      const self = process();
      const first = await nodes().one.nodes.beat(self, null);
      expect(first).toMatchObject({ ok: true, claimed: false });
      expect(instanceOf(first.signs.get(self.node) ?? '')).toBe(self.instance);
      expect(await signOf(self.node)).toBe(first.signs.get(self.node));
      await nodes().one.nodes.beat(self, null);
      expect(await signOf(self.node)).not.toBe(first.signs.get(self.node));
    });

    it('beat() refuses a second process of the same name, and changes nothing', async () => {
      const self = process();
      await nodes().one.nodes.beat(self, null);
      const before = await signOf(self.node);
      expect(await nodes().other.nodes.beat(process(self.node), null)).toMatchObject({ ok: false });
      expect(await signOf(self.node)).toBe(before);
      expect(await nodes().one.nodes.beat(self, null)).toMatchObject({ ok: true });
    });

    it('beat() takes the name of one that is known to be dead, unless it has given another sign', async () => {
      const self = process();
      await nodes().one.nodes.beat(self, null);
      const last = (await signOf(self.node)) ?? null;
      await nodes().one.nodes.beat(self, null);
      const next = process(self.node);
      expect(await nodes().other.nodes.beat(next, last)).toMatchObject({ ok: false });
      const newest = (await signOf(self.node)) ?? null;
      expect(await nodes().other.nodes.beat(next, newest)).toMatchObject({ ok: true });
      expect(await nodes().one.nodes.beat(self, null)).toMatchObject({ ok: false });
    });

    it('leave() frees the name at once, but only for who has it', async () => {
      const self = process();
      const next = process(self.node);
      await nodes().one.nodes.beat(self, null);
      await nodes().other.nodes.leave(next);
      expect(await signOf(self.node)).not.toBe(LEFT);
      await nodes().one.nodes.leave(self);
      expect(await signOf(self.node)).toBe(LEFT);
      expect(await nodes().other.nodes.beat(next, null)).toMatchObject({ ok: true });
    });

    it('claim() is for one at a time, can be kept, and is seen by the node itself', async () => {
      const { one, other } = nodes();
      const lost = process();
      await one.nodes.beat(lost, null);
      const sign = (await signOf(lost.node)) ?? '';
      const [mine, theirs] = [randomToken(), randomToken()].map((by) => ({ node: lost.node, sign, by }));
      if (mine === undefined || theirs === undefined) throw new Error('no claims');
      expect(await one.nodes.claim(mine, LONG_MS)).toBe(true);
      expect(await one.nodes.claim(mine, LONG_MS)).toBe(true);
      expect(await other.nodes.claim(theirs, LONG_MS)).toBe(false);
      expect(await one.nodes.beat(lost, null)).toMatchObject({ ok: true, claimed: true });
    });

    it('claim() ends when the node gives another sign', async () => {
      const { one } = nodes();
      const lost = process();
      await one.nodes.beat(lost, null);
      const claim = { node: lost.node, sign: (await signOf(lost.node)) ?? '', by: randomToken() };
      expect(await one.nodes.claim(claim, LONG_MS)).toBe(true);
      await one.nodes.beat(lost, null);
      expect(await one.nodes.claim(claim, LONG_MS)).toBe(false);
      expect(await one.nodes.beat(lost, null)).toMatchObject({ claimed: false });
    });

    it('claim() runs out when its holder is dead', async () => {
      const { one, other } = nodes();
      const lost = process();
      await one.nodes.beat(lost, null);
      const sign = (await signOf(lost.node)) ?? '';
      expect(await one.nodes.claim({ node: lost.node, sign, by: randomToken() }, 50)).toBe(true);
      await pause(100);
      expect(await other.nodes.claim({ node: lost.node, sign, by: randomToken() }, LONG_MS)).toBe(true);
    });

    it('release() ends a claim, and forgets the node when nothing is left of it', async () => {
      const { one, other } = nodes();
      const lost = process();
      await one.nodes.beat(lost, null);
      const claim = { node: lost.node, sign: (await signOf(lost.node)) ?? '', by: randomToken() };
      await one.nodes.claim(claim, LONG_MS);
      await other.nodes.release({ ...claim, by: randomToken() }, true);
      expect(await other.nodes.claim({ ...claim, by: randomToken() }, LONG_MS)).toBe(false);
      await one.nodes.release(claim, false);
      expect(await other.nodes.claim(claim, LONG_MS)).toBe(true);
      await other.nodes.release(claim, true);
      expect(await signOf(lost.node)).toBeUndefined();
    });
  });
}
