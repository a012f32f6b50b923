import { describe, expect, it, vi } from 'vitest';
import { NIGHT } from '../../support/boards.ts';
import { settled } from '../../support/manual-clock.ts';
import { type NotifierBench, startNotifier } from '../../support/notifier-bench.ts';

const set = (bench: NotifierBench, status: 'idle' | 'busy') =>
  bench.notifier.service.setManual(NIGHT, { status });

describe('a change that changes nothing', () => {
  it('is not stored', async () => {
    await using bench = await startNotifier();
    expect(await set(bench, 'idle')).toMatchObject({ changed: false, board: null });
    await set(bench, 'busy');
    expect(await set(bench, 'busy')).toMatchObject({ changed: false, board: { rev: 1 } });
  });

  it('is stored on a store that may have lost something, or what was lost would be written back over it', async () => {
    await using bench = await startNotifier();
    vi.spyOn(bench.store, 'unsettled').mockReturnValue(true);
    expect(await set(bench, 'idle')).toMatchObject({ changed: false, board: { rev: 1, manual: null } });
    await set(bench, 'busy');
    expect(await set(bench, 'busy')).toMatchObject({ changed: false, board: { rev: 3 } });
    expect(await bench.store.boards.get(NIGHT)).toMatchObject({ rev: 3, manual: { status: 'busy' } });
  });

  it('is no news to phones, though it is stored', async () => {
    await using bench = await startNotifier();
    bench.edge.subscribe();
    await settled();
    bench.edge.settle(200);
    vi.spyOn(bench.store, 'unsettled').mockReturnValue(true);
    await set(bench, 'idle');
    await bench.pass(2_000);
    expect(bench.edge.notifies).toHaveLength(1);
  });
});
