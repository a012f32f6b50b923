import { mkdir } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { setup as buildPage } from '../support/built-page.ts';
import { openChromium } from '../support/chromium.ts';
import { Configurator } from '../support/configurator.ts';
import { type LamplighterProcess, startLamplighter } from '../support/lamplighter-process.ts';
import { openPhone } from '../support/phone.ts';

const DOCS = new URL('../../docs/', import.meta.url).pathname;
const REALM = 'acme.example';
const WIDE: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const NARROW: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** `npm run screenshots`: makes the pictures of the README from the page as it is, on example data. */
async function main(): Promise<void> {
  await buildPage();
  await mkdir(DOCS, { recursive: true });
  await using open = new AsyncDisposableStack();
  const lamplighter = open.use(await startLamplighter());
  const browser = await openChromium();
  open.defer(() => browser.close());
  const stage = { lamplighter, browser };
  await furnish(lamplighter);
  await configurator(stage);
  await presenceWindow(stage);
  await lampBoard(stage);
  await phoneSize(stage);
}

interface Stage {
  readonly lamplighter: LamplighterProcess;
  readonly browser: Browser;
}

/** A drawn callflow, with a run shown on it. */
async function configurator(stage: Stage): Promise<void> {
  await using open = new AsyncDisposableStack();
  const desk = await openDesk(stage, open, { ...WIDE, colorScheme: 'light' });
  await desk.list.getByRole('link', { name: 'Open hours' }).click();
  await desk.block(/^Callflow Open hours/).waitFor();
  await desk.page.getByRole('button', { name: 'Run', exact: true }).click();
  await desk.window('Run callflow').getByRole('button', { name: 'Run now' }).click();
  await desk.diagram.locator('.block.is-passed').first().waitFor();
  await desk.diagram.getByRole('button', { name: 'Show the whole flow' }).click();
  await shoot(desk.page, 'configurator');
}

/** What opens when Manual Presence is dropped on the diagram. */
async function presenceWindow(stage: Stage): Promise<void> {
  await using open = new AsyncDisposableStack();
  const desk = await openDesk(stage, open, { ...WIDE, colorScheme: 'dark' });
  await desk.list.getByRole('link', { name: 'Reception busy' }).click();
  await desk.block('Manual Presence reception: busy').dblclick();
  await desk.window('Manual Presence').waitFor();
  await shoot(desk.page, 'configurator-dark');
}

async function lampBoard(stage: Stage): Promise<void> {
  await using open = new AsyncDisposableStack();
  const { page } = await openDesk(stage, open, { ...WIDE, colorScheme: 'light' });
  for (const id of ['night', 'reception', '1003']) await watch(stage, open, id);
  await page.getByRole('link', { name: 'Lamps' }).click();
  const panel = page.getByRole('region', { name: 'BLF panel' });
  for (const id of ['night', 'reception', '1002', '1003']) {
    await panel.getByLabel('ID of a new key').fill(id);
    await panel.getByRole('button', { name: 'Add key' }).click();
  }
  await panel.getByRole('switch', { name: 'Connect the BLF panel' }).check();
  await panel.getByRole('listitem', { name: 'night: busy' }).waitFor();
  await page.getByRole('button', { name: 'Watchers of night' }).click();
  const watchers = page.getByRole('list', { name: 'Watchers of night' });
  await watchers
    .getByText(/· confirmed$/)
    .nth(1)
    .waitFor();
  await shoot(page, 'lamp-board');
}

async function phoneSize(stage: Stage): Promise<void> {
  await using open = new AsyncDisposableStack();
  const desk = await openDesk(stage, open, { ...NARROW, colorScheme: 'light' });
  await desk.list.getByRole('link', { name: 'Night switch' }).click();
  await desk.block(/^Callflow Night switch/).waitFor();
  await shoot(desk.page, 'phone');
}

async function openDesk(
  { lamplighter, browser }: Stage,
  open: AsyncDisposableStack,
  options: BrowserContextOptions,
): Promise<Configurator> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  open.defer(() => context.close());
  const origin = `http://127.0.0.1:${lamplighter.settings.LAMPLIGHTER_HTTP_PORT}`;
  const desk = new Configurator(await context.newPage(), { origin, realm: REALM });
  await desk.open();
  await desk.page.getByRole('status').getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  return desk;
}

/** Without the pointer over anything, and after what moves has come to rest. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: `${DOCS}${name}.png`, caret: 'initial' });
}

/** The example callflows, a few seats, and lamps of each status. */
async function furnish(lamplighter: LamplighterProcess): Promise<void> {
  const at = `/v1/realms/${REALM}`;
  const { body } = await lamplighter.api('GET', '/v1/examples');
  const names = [
    ['Reception', '1001', 'reception'],
    ['Anna Lindqvist', '1002', '1002'],
    ['Workshop', '1003', '1003'],
    ['Boardroom', '1004', '1004'],
  ];
  const ids: string[] = [];
  for (const [name, extension, presenceId] of names) {
    const seat = await lamplighter.api('POST', `${at}/seats`, { name, extension, presenceId });
    ids.push(String(seat.body.id));
  }
  for (const example of body.examples as object[]) {
    await lamplighter.api('POST', `${at}/callflows`, { ...example, seat: ids[0] });
  }
  const lamps = { reception: 'busy', '1002': 'ringing', '1003': 'busy', night: 'busy', closed: 'idle' };
  for (const [id, status] of Object.entries(lamps)) {
    await lamplighter.api('PUT', `${at}/presence/${id}`, { status });
  }
}

/** A desk phone that watches an ID. */
async function watch({ lamplighter }: Stage, open: AsyncDisposableStack, id: string): Promise<void> {
  const phone = open.use(
    await openPhone({ transport: 'udp', server: lamplighter.place('udp'), user: '1002' }),
  );
  await phone.subscribe(`sip:${id}@${REALM}`, { headers: ['user-agent', 'Yealink SIP-T46U 108.86.0.90'] });
}

await main();
