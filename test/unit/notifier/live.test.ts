import { describe, expect, it } from 'vitest';
import type { SeenId } from '../../../src/notifier/service.ts';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const { realm } = NIGHT;

/** What a listener of the realm hears: `night busy`, or `night -` for one that was never set. */
async function listen(bench: NotifierBench): Promise<{ heard: string[]; stop: () => void }> {
  const heard: string[] = [];
  const word = ({ resource, board }: SeenId) =>
    `${resource.user} ${board === null ? '-' : bench.notifier.service.lampOf(board).status}`;
  const stop = await bench.notifier.service.live(realm, (id) => heard.push(word(id)));
  return { heard, stop };
}

async function subscribe(bench: NotifierBench, user: string): Promise<void> {
  bench.edge.subscribe({ uri: `sip:${user}@${realm}`, callId: `call-${user}` });
  await settled();
  bench.edge.settle(200);
}

const idsOf = async (bench: NotifierBench, after: string | null = null, limit = 100) => {
  const { ids, next } = await bench.notifier.service.list(realm, { after, limit });
  return [ids.map(({ resource, board }) => `${resource.user} ${board?.rev ?? 0}`), next];
};

describe('list()', () => {
  it('names IDs that are set, that are watched, and that are idle again while somebody watches', async () => {
    await using bench = await startNotifier();
    const { service } = bench.notifier;
    await service.setManual({ realm, user: 'busy' }, { status: 'busy' });
    for (const user of ['forgotten', 'idle']) {
      await service.setManual({ realm, user }, { status: 'busy' });
      await service.setManual({ realm, user }, { status: 'idle' });
    }
    for (const user of ['idle', 'quiet']) await subscribe(bench, user);
    expect(await idsOf(bench)).toEqual([['busy 1', 'idle 2', 'quiet 0'], null]);
    expect(await idsOf(bench, null, 2)).toEqual([['busy 1', 'idle 2'], 'idle']);
    expect(await idsOf(bench, 'idle', 2)).toEqual([['quiet 0'], null]);
  });

  it('forgets an ID that nobody watches any more', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'night');
    expect(await idsOf(bench)).toEqual([['night 0'], null]);
    bench.clock.jump(3_700_000);
    expect(await idsOf(bench)).toEqual([[], null]);
  });
});

describe('live()', () => {
  it('tells of an ID that comes to be watched, within seconds and once', async () => {
    await using bench = await startNotifier();
    await subscribe(bench, 'before');
    const { heard } = await listen(bench);
    await bench.pass(3_000);
    expect(heard).toEqual([]);
    await subscribe(bench, 'night');
    await bench.pass(3_000);
    expect(heard).toContain('night -');
    heard.length = 0;
    await subscribe(bench, 'other');
    await bench.pass(3_000);
    expect(heard).toEqual(['other -']);
  });

  it('tells of one that another node accepted', async () => {
    await using bench = await startNotifier();
    const second = await bench.another(bench.clock);
    const { heard } = await listen(bench);
    await subscribe(second, 'night');
    await bench.pass(3_000);
    expect(heard).toEqual(['night -']);
  });

  it('does not bring back what was on a board before it changed', async () => {
    await using bench = await startNotifier();
    const { heard } = await listen(bench);
    const { boards } = bench.store;
    const getMany = boards.getMany.bind(boards);
    boards.getMany = async (resources) => {
      const read = await getMany(resources);
      await bench.notifier.service.setManual({ realm, user: 'night' }, { status: 'busy' });
      return read;
    };
    await subscribe(bench, 'night');
    await bench.pass(3_000);
    expect(heard).toEqual(['night busy']);
  });

  it('is looked for no more when nobody listens, and not in other realms', async () => {
    await using bench = await startNotifier();
    const { heard, stop } = await listen(bench);
    bench.edge.subscribe({ uri: 'sip:night@other.example' });
    await bench.pass(3_000);
    stop();
    await subscribe(bench, 'night');
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    await bench.pass(3_000);
    expect(heard).toEqual([]);
  });

  it('keeps a listener while another one of the realm leaves', async () => {
    await using bench = await startNotifier();
    const [one, other] = [await listen(bench), await listen(bench)];
    one.stop();
    one.stop();
    await bench.notifier.service.setManual(NIGHT, { status: 'busy' });
    expect([one.heard, other.heard]).toEqual([[], ['night busy']]);
  });
});
