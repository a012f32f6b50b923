import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freshRealm, openStage } from '../support/browser-stage.ts';

const stage = openStage({ LAMPLIGHTER_AUTH_MODE: 'digest' });

/** A realm with the SIP user 1001, and its lamp board with the BLF keys `ids`. */
async function openPanel(ids: readonly string[]) {
  const realm = freshRealm();
  await stage.lamplighter.api('PUT', `/v1/realms/${realm}/users/1001`, { password: 'sehr geheim' });
  const page = await stage.tab();
  const frames = { sent: [] as string[], received: [] as string[] };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => frames.sent.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => frames.received.push(payload.toString()));
  });
  await page.goto(`${stage.origin}/#/${realm}/lamps`);
  const panel = page.getByRole('region', { name: 'BLF panel' });
  for (const id of ids) {
    await panel.getByLabel('ID of a new key').fill(id);
    await panel.getByRole('button', { name: 'Add key' }).click();
  }
  const key = (name: string) => panel.getByRole('listitem', { name, exact: true });
  const signIn = async (password: string) => {
    await panel.getByLabel('SIP user').fill('1001');
    await panel.getByLabel('SIP password').fill(password);
    await panel.getByRole('button', { name: 'Connect', exact: true }).click();
  };
  return { realm, page, panel, key, frames, signIn };
}

function stored(page: Page): Promise<unknown> {
  return page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
}

test('the BLF panel asks for a SIP user, authenticates with Digest, and a lamp is lit over the wire', async () => {
  const { realm, page, panel, key, frames, signIn } = await openPanel(['night', 'lobby']);
  expect(await panel.getByRole('switch', { name: 'Connect the BLF panel' }).isDisabled()).toBe(true);
  await signIn('sehr geheim');
  const { port } = stage.lamplighter.place('ws');
  await panel.getByText(`Connected to ws://127.0.0.1:${port}`).waitFor();
  await key('night: idle').waitFor();
  await key('lobby: idle').waitFor();

  await stage.lamplighter.api('PUT', `/v1/realms/${realm}/presence/night`, { status: 'busy' });
  await key('night: busy').waitFor();
  const notify = frames.received.filter((frame) => frame.startsWith('NOTIFY ')).at(-1);
  expect(notify).toContain('<state>confirmed</state>');
  expect(frames.received.some((frame) => frame.startsWith('SIP/2.0 401 '))).toBe(true);
  expect(frames.sent.some((frame) => /^Authorization: Digest algorithm=MD5, /m.test(frame))).toBe(true);
  const path = `/v1/realms/${realm}/presence/night/watchers`;
  expect((await stage.lamplighter.api('GET', path)).body.items).toMatchObject([
    { watcher: expect.stringContaining('1001') },
  ]);

  await panel.getByRole('switch', { name: 'Connect the BLF panel' }).uncheck();
  await expect
    .poll(async () => (await stage.lamplighter.api('GET', path)).body.items, { timeout: 10_000 })
    .toEqual([]);
  expect(await stored(page)).not.toMatch(/sehr|1001/);
  await page.reload();
  await panel.getByLabel('SIP password').waitFor();
  expect(await panel.getByLabel('SIP password').inputValue()).toBe('');
});

test('a wrong password is said in one line, and tried once however many keys there are', async () => {
  const { panel, key, frames, signIn } = await openPanel(['one', 'two', 'three', 'four', 'five', 'six']);
  await signIn('guess');
  await panel.getByRole('alert').getByText('the password is wrong').waitFor();
  expect(frames.sent.filter((frame) => frame.includes('Authorization:'))).toHaveLength(1);
  expect(await panel.getByLabel('SIP password').inputValue()).toBe('');
  await panel.getByText('Not connected').waitFor();

  await signIn('sehr geheim');
  await key('six: idle').waitFor();
  expect(await panel.getByRole('alert').count()).toBe(0);
  await panel.getByRole('button', { name: 'Change SIP user' }).click();
  await panel.getByLabel('SIP password').waitFor();
  await key('six: not known').waitFor();
});
