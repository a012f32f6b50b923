import { describe, expect, it } from 'vitest';
import { Peers } from '../../../src/notifier/peers.ts';
import { LEFT } from '../../../src/ports/nodes.ts';
import { ManualClock, settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

/** Another process on the same store has the name, and gives a sign each second while `lives`. */
async function startBeside(lives: boolean): Promise<{ readonly bench: NotifierBench; readonly why: string }> {
  const bench = await startNotifier();
  const clock = new ManualClock();
  const other = { node: 'node2', instance: 'other' };
  await bench.store.nodes.beat(other, null);
  const start = bench.another(clock).then(
    () => 'started',
    (error: { code: string; message: string }) => `${error.code} ${error.message}`,
  );
  for (let second = 0; second < 4; second += 1) {
    await clock.advance(1_000);
    if (lives) await bench.store.nodes.beat(other, null);
    await settled();
  }
  return { bench, why: await start };
}

describe('the name of a node', () => {
  it('is refused in one line to a second process while the first one lives', async () => {
    const { bench, why } = await startBeside(true);
    await using _ = bench;
    expect(why).toMatch(/^NODE_ID_TAKEN Cannot run as node "node2": .*LAMPLIGHTER_NODE_ID$/);
  });

  it('is had by the next process when the one before was killed', async () => {
    const { bench, why } = await startBeside(false);
    await using _ = bench;
    expect(why).toBe('started');
  });

  it('is lost to a process that took it during a pause: then this one must end, and tells nobody anything', async () => {
    await using bench = await startNotifier();
    const { nodes } = bench.store;
    const { signs } = await nodes.beat({ node: 'node9', instance: 'looks' }, null);
    await nodes.beat({ node: 'node1', instance: 'other' }, signs.get('node1') ?? '');
    await bench.pass(1_500);
    expect(bench.displaced).toContain('NODE_ID_TAKEN');
  });
});

describe('a heartbeat that finds out that the store has lost data', () => {
  it('has every record written back, also if no board has ever changed', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    await settled();
    bench.edge.settle(200);
    await bench.pass(1_500);
    const { nodes, subscriptions } = bench.store;
    const [tag, beat] = [bench.edge.answers[0]?.toTag ?? '', nodes.beat.bind(nodes)];
    const record = await subscriptions.find(tag);
    if (record === null) throw new Error('No record');
    await subscriptions.remove(record);
    await bench.pass(1_500);
    expect(await subscriptions.find(tag)).toBeNull();
    Object.assign(nodes, {
      beat: async (...of: Parameters<typeof beat>) => ({ ...(await beat(...of)), lost: true }),
    });
    await bench.pass(2_500);
    expect(await subscriptions.find(tag)).toEqual(record);
  });
});

describe('Peers', () => {
  const signs = (sign: string) => new Map([['a', sign]]);

  it('takes a node for lost when its sign has not changed for 3.5 s', () => {
    const peers = new Peers();
    for (const now of [0, 1_000, 2_000, 3_000]) peers.look(signs('x 1'), now);
    expect(peers.lost()).toEqual([]);
    peers.look(signs('x 1'), 4_000);
    expect(peers.lost()).toEqual([{ node: 'a', sign: 'x 1' }]);
    peers.look(signs('x 2'), 5_000);
    expect(peers.lost()).toEqual([]);
  });

  it('knows who lives, in the same order on each node', () => {
    const peers = new Peers();
    const beats = (count: number) =>
      [
        ['c', `z ${count}`],
        ['a', 'x 1'],
        ['b', `y ${count}`],
      ] as const;
    for (const now of [0, 1_000, 2_000, 3_000, 4_000]) peers.look(new Map(beats(now)), now);
    expect(peers.living()).toEqual(['b', 'c']);
  });

  it('takes one that has left for lost at once', () => {
    const peers = new Peers();
    peers.look(signs(LEFT), 0);
    expect(peers.lost()).toEqual([{ node: 'a', sign: LEFT }]);
  });

  it('begins anew after a pause of its own: it has not seen the others beat', () => {
    const peers = new Peers();
    peers.look(signs('x 1'), 0);
    peers.look(signs('x 1'), 10_000);
    expect(peers.lost()).toEqual([]);
  });
});
