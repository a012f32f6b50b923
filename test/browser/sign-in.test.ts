import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStage } from '../support/browser-stage.ts';
import { Configurator } from '../support/configurator.ts';

const stage = openStage({
  LAMPLIGHTER_HTTP_TOKENS:
    'may-write=write:acme.example;may-look=read:acme.example;two=write:acme.example,branch.example',
});

/** Opens the page, which asks for a token, in a new tab. */
async function openGate(person?: Awaited<ReturnType<typeof stage.person>>): Promise<Page> {
  stage.guard.expectRefusal(401);
  const page = await stage.tab(person);
  await page.goto(stage.origin);
  await page.getByRole('form', { name: 'Sign in' }).waitFor();
  return page;
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a token is asked for, a wrong one is refused, and the right one shows its realm', async () => {
  const page = await openGate();
  await signIn(page, 'wrong');
  await page.getByRole('alert').getByText('The server does not know this token').waitFor();
  await signIn(page, 'may-write');
  const desk = new Configurator(page, { origin: stage.origin, realm: 'acme.example' });
  await desk.list.getByText('No callflows yet').waitFor();
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  expect(page.url()).toContain('#/acme.example/');
  await desk.create();
  await desk.name.fill('Night switch');
  await desk.choose('Save Changes');
  await desk.saved();
});

test('a token that may only read opens callflows, and changes none', async () => {
  const page = await openGate();
  await signIn(page, 'may-look');
  const desk = new Configurator(page, { origin: stage.origin, realm: 'acme.example' });
  await desk.list.getByRole('link', { name: 'Night switch' }).click();
  await desk.opened();
  expect(await desk.list.getByRole('button', { name: 'New callflow' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Lamps' }).click();
  await page.getByRole('region', { name: 'Lamp board' }).waitFor();
  expect(await page.getByRole('button', { name: 'Set busy' }).count()).toBe(0);
});

test('a token stays in its tab: it survives a reload, another tab is asked again, and signing out forgets it', async () => {
  const person = await stage.person();
  const page = await openGate(person);
  await signIn(page, 'may-write');
  await page.getByRole('heading', { name: 'Callflows' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Callflows' }).waitFor();
  await openGate(person);
  expect(await page.evaluate('localStorage.length')).toBe(0);
  expect(await person.cookies()).toEqual([]);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('form', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('Object.values(sessionStorage).includes("may-write")')).toBe(false);
});

test('a token of several realms shows each of them, and no other', async () => {
  const page = await openGate();
  await signIn(page, 'two');
  const realms = page.getByRole('combobox', { name: 'Realm' });
  await realms.waitFor();
  expect(await realms.locator('option').allTextContents()).toEqual(['acme.example', 'branch.example']);
  const names = { 'acme.example': 'At acme', 'branch.example': 'At branch' };
  for (const [realm, name] of Object.entries(names)) {
    const headers = { authorization: 'Bearer two' };
    const answer = await page.request.post(`${stage.origin}/v1/realms/${realm}/callflows`, {
      headers,
      data: { name },
    });
    expect(answer.status()).toBe(201);
  }
  const list = page.getByRole('complementary', { name: 'Callflows' });
  for (const [realm, name] of Object.entries(names)) {
    await realms.selectOption(realm);
    await list.getByRole('link', { name, exact: true }).waitFor();
    expect(page.url()).toContain(`#/${realm}/`);
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  }
  expect(await list.getByRole('link', { name: 'At acme', exact: true }).count()).toBe(0);
});
