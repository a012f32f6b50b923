import { Checker } from './checker.ts';
import type { Order, Reply } from './orders.ts';

/** The process of the checker: it does what it is told over IPC, one order after the other. */
let checker: Checker | null = null;

async function obey(order: Order): Promise<Reply> {
  if (order.kind === 'open') checker = await Checker.open(order.places, order.sizes);
  if (checker === null) throw new Error('Cannot check: nothing is open yet');
  await act(checker, order);
  return { report: checker.report() };
}

async function act(open: Checker, order: Order): Promise<void> {
  switch (order.kind) {
    case 'open':
      return;
    case 'subscribe':
      return await open.subscribe();
    case 'load':
      return open.load(order.on);
    case 'fault begins':
      return open.faultBegins();
    case 'fault ends':
      return open.faultEnds();
    case 'weather':
      return open.weather(order.weather);
    case 'move':
      return await open.move(order.sipPort);
    case 'look':
      return;
    case 'settle':
      return await open.settle();
    case 'refresh all':
      return await open.refreshAll();
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
