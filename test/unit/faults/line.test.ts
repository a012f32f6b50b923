import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HOST } from '../../bench/phone-text.ts';
import { Line } from '../../faults/checker/line.ts';

const COUNT = 2_000;
/** Little at once, so that the kernel loses none of its own. */
const AT_ONCE = 20;

describe('the network before the phones of the checker', () => {
  let node: Socket;
  let line: Line;

  beforeEach(async () => {
    node = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 }).bind(0, HOST);
    await once(node, 'listening');
    line = await Line.open(node.address().port);
  });
  afterEach(() => {
    line.close();
    node.close();
  });

  /** Sends numbers both ways; gives those that the node and the phones have heard. */
  async function exchange(): Promise<readonly (readonly number[])[]> {
    const [byNode, byPhones]: [number[], number[]] = [[], []];
    node.on('message', (bytes) => byNode.push(Number(bytes)));
    line.hears = (text) => byPhones.push(Number(text));
    for (let number = 0; number < COUNT; number += 1) {
      line.send(`${number}`);
      node.send(`${number}`, line.port, HOST);
      if (number % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await vi.waitFor(() => expect(Math.min(byNode.length, byPhones.length)).toBeGreaterThan(0.9 * COUNT));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return [byNode, byPhones];
  }

  test('in fair weather all comes, in its order', async () => {
    const all = Array.from({ length: COUNT }, (_, number) => number);
    expect(await exchange()).toEqual([all, all]);
  });

  test('5 % loss and 40 ms of delay lose one in twenty, each way, and let some overtake others', async () => {
    line.weather = { loss: 0.05, delayMs: 40 };
    for (const heard of await exchange()) {
      const lost = 1 - heard.length / COUNT;
      // Six times the standard deviation of 0.5 %.
      expect(lost).toBeGreaterThan(0.02);
      expect(lost).toBeLessThan(0.08);
      expect(new Set(heard).size).toBe(heard.length);
      const overtaken = heard.filter((number, index) => number < (heard[index - 1] ?? 0));
      expect(overtaken.length).toBeGreaterThan(0.1 * heard.length);
    }
  });
});
