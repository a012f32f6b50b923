import type { BrowserContext, Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { freshRealm, openStage } from '../support/browser-stage.ts';
import { readNotify } from '../support/lamp-document.ts';

const stage = openStage();

/** The lamp board of a realm, in a tab. */
async function openBoard(realm: string, context?: BrowserContext): Promise<Page> {
  const page = await stage.tab(context);
  await page.goto(`${stage.origin}/#/${realm}/lamps`);
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  return page;
}

/** A lamp of the board, as its card names it: `night: busy`. */
function lamp(page: Page, name: string): Locator {
  return page.getByRole('region', { name: 'Lamp board' }).getByRole('listitem', { name, exact: true });
}

async function put(realm: string, id: string, status: string): Promise<void> {
  await stage.lamplighter.api('PUT', `/v1/realms/${realm}/presence/${id}`, { status });
}

describe('the lamp board', () => {
  test('sets a lamp by one click, which a second tab and a phone see at once, without asking', async () => {
    const realm = freshRealm();
    await put(realm, 'night', 'ringing');
    const person = await stage.person();
    const [one, other] = [await openBoard(realm, person), await openBoard(realm, person)];
    const subscription = await (await stage.phone()).subscribe(`sip:night@${realm}`);
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('early');
    await lamp(other, 'night: ringing').waitFor();
    const asked: string[] = [];
    other.on('request', (request) => asked.push(request.url()));

    await lamp(one, 'night: ringing').getByRole('button', { name: 'Set night busy' }).click();
    await lamp(other, 'night: busy').waitFor();
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('confirmed');
    await lamp(other, 'night: busy').getByRole('button', { name: 'Set night idle' }).click();
    await lamp(one, 'night: idle').waitFor();
    expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
    // The stream brought it: the second tab asked for no lamp, it only set one.
    expect(asked.filter((url) => /\/(presence|live)/.test(url))).toEqual([
      `${stage.origin}/v1/realms/${realm}/presence/night`,
    ]);
  });

  test('reads the lamps from one stream of server-sent events', async () => {
    const page = await stage.tab();
    const streamed = page.waitForResponse((response) => response.url().endsWith('/live'));
    await page.goto(`${stage.origin}/#/${freshRealm()}/lamps`);
    expect((await streamed).headers()['content-type']).toMatch(/^text\/event-stream/);
  });

  test('shows IDs that were never set before, who watches them, and filters them by text and status', async () => {
    const realm = freshRealm();
    await put(realm, 'lobby', 'ringing');
    const page = await openBoard(realm);
    await page.getByLabel('Presence ID', { exact: true }).fill('night');
    await page.getByRole('button', { name: 'Set busy', exact: true }).click();
    await lamp(page, 'night: busy').waitFor();

    const phone = await stage.phone();
    await (await phone.subscribe(`sip:night@${realm}`)).nextNotify();
    await page.getByRole('button', { name: 'Watchers of night' }).click();
    const watchers = page.getByRole('list', { name: 'Watchers of night' });
    await watchers.getByText(phone.user).waitFor();
    await watchers.getByText(/· confirmed$/).waitFor();

    await page.getByRole('button', { name: 'Busy', exact: true }).click();
    await lamp(page, 'lobby: ringing').waitFor({ state: 'detached' });
    await lamp(page, 'night: busy').waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByLabel('Filter lamps').fill('lob');
    await lamp(page, 'lobby: ringing').waitFor();
    await lamp(page, 'night: busy').waitFor({ state: 'detached' });
  });

  test('shows an ID that is only watched, also one that comes to be watched while it is looked at', async () => {
    const realm = freshRealm();
    const phone = await stage.phone();
    await (await phone.subscribe(`sip:quiet@${realm}`)).nextNotify();
    const page = await openBoard(realm);
    await lamp(page, 'quiet: idle').getByText('Never changed').waitFor();
    await (await phone.subscribe(`sip:lobby@${realm}`)).nextNotify();
    await lamp(page, 'lobby: idle').waitFor();
    await page.getByRole('button', { name: 'Watchers of lobby' }).click();
    await page.getByRole('list', { name: 'Watchers of lobby' }).getByText(phone.user).waitFor();
  });

  test('shows ringing as a ring and busy as a disc, so that they differ without motion and colour', async () => {
    const realm = freshRealm();
    await put(realm, 'night', 'ringing');
    await put(realm, 'lobby', 'busy');
    const page = await openBoard(realm, await stage.person({ reducedMotion: 'reduce' }));
    const look = async (name: string) => {
      await lamp(page, name).waitFor();
      return page.evaluate(`(() => {
        const shown = getComputedStyle(document.querySelector('[aria-label="${name}"] .lamp'));
        return [shown.animationName, shown.backgroundImage === 'none', shown.borderTopWidth];
      })()`);
    };
    expect(await look('night: ringing')).toEqual(['none', true, '5px']);
    expect(await look('lobby: busy')).toEqual(['none', false, '0px']);
  });

  test('says that the connection is lost, and shows what is true once it is back', async () => {
    const realm = freshRealm();
    await put(realm, 'night', 'ringing');
    const page = await openBoard(realm);
    await lamp(page, 'night: ringing').waitFor();
    stage.guard.expectLoss();
    await stage.lamplighter.kill9();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    await stage.lamplighter.start();
    await put(realm, 'night', 'busy');
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await lamp(page, 'night: busy').waitFor();
  });
});

describe('the BLF panel', () => {
  test('is a SIP watcher in the page: its key shows busy by a NOTIFY over WebSocket', async () => {
    const realm = freshRealm();
    const page = await openBoard(realm);
    const panel = page.getByRole('region', { name: 'BLF panel' });
    const key = (name: string) => panel.getByRole('listitem', { name, exact: true });
    const frames: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => frames.push(payload.toString()));
    });
    await panel.getByLabel('ID of a new key').fill('night');
    await panel.getByRole('button', { name: 'Add key' }).click();
    await key('night: not known').waitFor();
    await panel.getByRole('switch', { name: 'Connect the BLF panel' }).check();
    const { port } = stage.lamplighter.place('ws');
    await panel.getByText(`Connected to ws://127.0.0.1:${port}`).waitFor();
    await key('night: idle').waitFor();

    await put(realm, 'night', 'busy');
    await key('night: busy').waitFor();
    expect(frames.filter((frame) => frame.startsWith('NOTIFY ')).at(-1)).toContain(
      '<state>confirmed</state>',
    );
    const { body } = await stage.lamplighter.api('GET', `/v1/realms/${realm}/presence/night/watchers`);
    expect(body.items).toMatchObject([{ transport: 'ws', userAgent: 'Lamplighter web BLF' }]);

    await panel.getByRole('switch', { name: 'Connect the BLF panel' }).uncheck();
    await key('night: not known').waitFor();
    const left = async () => {
      const after = await stage.lamplighter.api('GET', `/v1/realms/${realm}/presence/night/watchers`);
      return after.body.items;
    };
    await expect.poll(left, { timeout: 10_000 }).toEqual([]);
  });
});
