import { describe, expect, it } from 'vitest';
import type { NodeWord } from '../../../src/ports/post.ts';
import { randomToken } from '../../support/phone.ts';
import { soon } from './values.ts';
import type { Nodes } from './world.ts';

/** The contract of `Post`: what nodes say to each other. */
export function postContract(nodes: () => Nodes): void {
  describe('post', () => {
    it('say() is heard whole and once by the node that it is for, and by no other', async () => {
      const { one, other } = nodes();
      const [node, bystander] = [`Büro {1} ${randomToken()}`, `node-${randomToken()}`];
      const heard: NodeWord[] = [];
      const overheard: NodeWord[] = [];
      await one.post.open(node, (word) => void heard.push(word));
      await other.post.open(bystander, (word) => void overheard.push(word));
      const words = Array.from(
        { length: 40 },
        (_, index): NodeWord => ({
          kind: index % 2 === 0 ? 'taken' : 'freed',
          id: `b17-w1-${randomToken()}`,
          epoch: index,
          from: bystander,
        }),
      );
      for (const word of words) void other.post.say(node, word);
      await soon(() => expect(heard).toHaveLength(words.length));
      expect(heard.toSorted((a, b) => a.epoch - b.epoch)).toEqual(words);
      expect(overheard).toEqual([]);
    });

    it('say() to a node that nobody is gives false', async () => {
      const word: NodeWord = { kind: 'taken', id: 'b17-x', epoch: 2, from: 'node' };
      expect(await nodes().one.post.say(`node-${randomToken()}`, word)).toBe(false);
    });
  });
}
