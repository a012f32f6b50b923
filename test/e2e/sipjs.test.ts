import { type Notification, Subscriber, SubscriptionState, UserAgent } from 'sip.js';
import { describe, expect, test, vi } from 'vitest';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { Mailbox } from '../support/mailbox.ts';
import { randomToken } from '../support/phone.ts';

interface Browser extends AsyncDisposable {
  readonly agent: UserAgent;
}

/** What a web page does before it shows lamps: sip.js on a WebSocket (RFC 7118). */
async function openBrowser(server: LamplighterProcess): Promise<Browser> {
  const { address, port } = server.place('ws');
  const agent = new UserAgent({
    uri: uriOf('web'),
    transportOptions: { server: `ws://${address}:${port}` },
    logBuiltinEnabled: false,
    // As when a page is closed: the connection goes, and no word is said.
    gracefulShutdown: false,
  });
  await agent.start();
  return { agent, [Symbol.asyncDispose]: () => agent.stop() };
}

function uriOf(user: string) {
  return UserAgent.makeURI(`sip:${user}@127.0.0.1`) ?? expect.fail('no URI');
}

/** Subscribes and collects the bodies of NOTIFYs. */
async function watch({ agent }: Browser, id: string, event: string) {
  const bodies = new Mailbox<string>('NOTIFY');
  const onNotify = (notification: Notification) => {
    bodies.push(notification.request.body);
    void notification.accept();
  };
  const subscriber = new Subscriber(agent, uriOf(id), event, { delegate: { onNotify } });
  await subscriber.subscribe();
  return { subscriber, bodies };
}

describe('sip.js over WebSocket', () => {
  test('sees a lamp go from idle to busy and back, and unsubscribes', async () => {
    await using lamplighter = await startLamplighter();
    await using browser = await openBrowser(lamplighter);
    const id = `lamp-${randomToken()}`;
    const { subscriber, bodies } = await watch(browser, id, 'dialog');
    expect(await bodies.next()).toContain('<state>terminated</state>');
    expect(subscriber.state).toBe(SubscriptionState.Subscribed);
    await lamplighter.set(id, 'busy');
    expect(await bodies.next()).toContain('<state>confirmed</state>');
    await lamplighter.set(id, 'idle');
    expect(await bodies.next()).toContain('<state>terminated</state>');

    await subscriber.unsubscribe();
    await vi.waitFor(async () => {
      const { body } = await lamplighter.api('GET', `/v1/realms/default/presence/${id}/watchers`);
      expect(body.items).toEqual([]);
    }, 5_000);
  });

  test('sees presence, and its subscriptions go with its connection (RFC 5626 §4.2.2)', async () => {
    await using lamplighter = await startLamplighter();
    const id = `lamp-${randomToken()}`;
    {
      await using browser = await openBrowser(lamplighter);
      const { bodies } = await watch(browser, id, 'presence');
      expect(await bodies.next()).toContain('<basic>open</basic>');
      await lamplighter.set(id, 'busy', { note: 'At lunch 🍜' });
      expect(await bodies.next()).toContain('<rpid:on-the-phone/>');
      expect(bodies.all.at(-1)).toContain('At lunch 🍜');
    }
    await vi.waitFor(async () => {
      expect(await lamplighter.metric('lamplighter_subscriptions{package="presence"}')).toBe(0);
    }, 5_000);
  });
});
