import { describe, expect, test, vi } from 'vitest';
import { COMBINATIONS } from '../support/combination.ts';
import { readNotify } from '../support/lamp-document.ts';
import { setLamplighterStage } from '../support/lamplighter-stage.ts';
import { openPhone, randomToken } from '../support/phone.ts';
import { playSipp } from '../support/sipp.ts';

/** The edge is what SIPp sees; one store is enough. */
const EDGES = COMBINATIONS.filter(({ edge, store }) => edge === 'drachtio' || store === 'embedded');

const PATIENCE = { timeout: 20_000, interval: 100 };

describe.each(EDGES)('SIPp ($name)', (combination) => {
  const stage = setLamplighterStage(combination);

  /** Resolves when the phone that watches has confirmed a rev. */
  async function confirmed(id: string, rev: number): Promise<void> {
    const path = `/v1/realms/default/presence/${id}/watchers`;
    await vi.waitFor(
      async () =>
        expect((await stage.lamplighter.api('GET', path)).body).toMatchObject({
          items: [{ confirmedRev: rev }],
        }),
      PATIENCE,
    );
  }

  describe.concurrent.each(['udp', 'tcp'] as const)('over %s', (transport) => {
    test('sees busy, ringing and idle, each in the NOTIFY that follows', async () => {
      const service = `lamp-${randomToken()}`;
      const played = playSipp({
        scenario: 'lamp',
        transport,
        server: stage.lamplighter.place(transport),
        service,
      });
      const changing = (async () => {
        for (const [rev, status] of (['busy', 'ringing', 'idle'] as const).entries()) {
          await confirmed(service, rev);
          await stage.lamplighter.set(service, status);
        }
      })();
      await Promise.all([played, changing]);
    });

    test('subscribes, refreshes and unsubscribes a hundred times at once', async () => {
      const service = `lamp-${randomToken()}`;
      const server = stage.lamplighter.place(transport);
      await playSipp({ scenario: 'subscription', transport, server, service, calls: 100 });
      await vi.waitFor(
        async () =>
          expect(await stage.lamplighter.metric('lamplighter_subscriptions{package="presence"}')).toBe(0),
        PATIENCE,
      );
    });

    test('publishes, refreshes and withdraws its presence (RFC 3903), as softphones do', async () => {
      const service = `lamp-${randomToken()}`;
      const server = stage.lamplighter.place(transport);
      await using watcher = await openPhone({ transport, server });
      const lamp = await watcher.subscribe(`sip:${service}@${server.address}`, { event: 'presence' });
      const seen = async () => readNotify(await lamp.nextNotify()).lamp;
      expect(await seen()).toBe('open');
      await playSipp({ scenario: 'publish', transport, server, service });
      expect([await seen(), await seen()]).toEqual(['on-the-phone', 'open']);
      // The test beside this one counts subscriptions.
      await lamp.refresh(0);
      await lamp.nextNotify();
    });

    test('understands what it is refused with', async () => {
      const server = stage.lamplighter.place(transport);
      await playSipp({ scenario: 'refused', transport, server, service: 'nobody' });
    });
  });
});
