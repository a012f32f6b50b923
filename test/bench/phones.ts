import { Farm } from './farm.ts';
import type { Order, Reply } from './phase.ts';

/** The process of the phones: it does what it is told over IPC, one order after the other. */
let farm: Farm | null = null;

async function obey(order: Order): Promise<Reply> {
  if (order.kind === 'target') {
    farm?.close();
    farm = await Farm.open(order.target);
    return { measured: null };
  }
  if (farm === null) throw new Error('Cannot measure: there is no target yet');
  if (order.kind === 'workload') {
    farm.load(order.workload);
    return { measured: null };
  }
  return { measured: await farm.run(order.phase) };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
