import { type LampDocument, readNotify } from '../lamp-document.ts';
import { type LamplighterProcess, type Settings, startLamplighter } from '../lamplighter-process.ts';
import { openPhone, type PhoneSubscription } from '../phone.ts';
import type { Place } from '../phone-wire.ts';
import { RedisServer } from '../redis-server.ts';
import type { Order, Reply, Results, Shown } from './orders.ts';

/** The process of an agent: it does what it is told over IPC, one order after the other, and ends with its channel. */
const opened = new AsyncDisposableStack();
const subscriptions = new Map<string, PhoneSubscription>();
let lamplighter: LamplighterProcess | null = null;

async function obey(order: Order): Promise<Results[keyof Results]> {
  switch (order.kind) {
    case 'start redis':
      return opened.use(await RedisServer.open({ args: ['--bind', '0.0.0.0', '--protected-mode', 'no'] }))
        .port;
    case 'start lamplighter':
      return await start(order.settings);
    case 'kill lamplighter':
      await lamplighter?.kill9();
      return null;
    case 'set':
      await lamplighter?.set(order.id, order.status);
      return null;
    case 'subscribe':
      return await subscribe(order);
    case 'refresh':
      return (await subscriptionOf(order.id).refresh(600)).status;
    case 'show':
      return show(subscriptionOf(order.id));
  }
}

async function start(settings: Settings): Promise<null> {
  lamplighter = opened.use(await startLamplighter(settings));
  return null;
}

async function subscribe({ id, from, server }: { id: string; from: string; server: Place }): Promise<number> {
  const phone = opened.use(await openPhone({ transport: 'udp', server, address: from, repeats: true }));
  const subscription = await phone.subscribe(`sip:${id}@${server.address}`);
  subscriptions.set(id, subscription);
  return subscription.status;
}

function subscriptionOf(id: string): PhoneSubscription {
  const subscription = subscriptions.get(id);
  if (subscription === undefined) throw new Error(`No phone watches ${id}`);
  return subscription;
}

function show({ notifies }: PhoneSubscription): Shown {
  const documents = notifies.all.map(readNotify).sort((one, two) => one.cseq - two.cseq);
  const follows = (one: LampDocument, before: LampDocument | undefined) =>
    one.cseq > (before?.cseq ?? -1) &&
    (one.version ?? -1) > (before?.version ?? -1) &&
    one.subscriptionState.startsWith('active');
  return {
    lamp: documents.at(-1)?.lamp ?? '',
    notifies: documents.length,
    isOneDialog: documents.every((one, index) => follows(one, documents[index - 1])),
  };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (result) => process.send?.({ result } satisfies Reply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies Reply),
  );
});
process.on('disconnect', () => {
  const end = () => process.exit();
  opened.disposeAsync().then(end, end);
});
