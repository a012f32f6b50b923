import { describe, expect, test, vi } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { COMBINATIONS, openSurroundings } from '../support/combination.ts';
import { startLamplighter } from '../support/lamplighter-process.ts';
import { randomToken } from '../support/phone.ts';

/** The edge is what baresip sees; one store is enough. */
const EDGES = COMBINATIONS.filter(({ edge, store }) => edge === 'drachtio' || store === 'embedded');

describe.each(EDGES)('baresip ($name)', (combination) => {
  test('shows its contact as Busy, Online and Busy again, and unsubscribes when it ends', async () => {
    await using surroundings = await openSurroundings(combination);
    await using lamplighter = await startLamplighter(surroundings.settings);
    const id = `lamp-${randomToken()}`;
    const path = `/v1/realms/default/presence/${id}/watchers`;
    await using baresip = await Baresip.open(lamplighter.place('udp'), id);
    await vi.waitFor(async () => {
      expect((await lamplighter.api('GET', path)).body).toMatchObject({
        items: [{ package: 'presence', confirmedRev: 0, userAgent: expect.stringContaining('baresip') }],
      });
    }, 20_000);

    await lamplighter.set(id, 'busy');
    await baresip.shows('Busy');
    await lamplighter.set(id, 'idle');
    await baresip.shows('Online');
    await lamplighter.set(id, 'ringing');
    await baresip.shows('Busy');

    await baresip.stop();
    await vi.waitFor(async () => expect((await lamplighter.api('GET', path)).body.items).toEqual([]), 5_000);
  });
});
