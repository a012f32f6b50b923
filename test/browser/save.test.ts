import type { Response } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { freshRealm, openStage } from '../support/browser-stage.ts';
import type { Configurator } from '../support/configurator.ts';

const stage = openStage();

const FLOW = { module: 'manual_presence', data: { presence_id: 'night', status: 'toggle' }, children: {} };
const NIGHT_SWITCH = { name: 'Night switch', numbers: ['*30'], flow: FLOW };

interface Stored {
  readonly id: string;
  readonly rev: number;
  readonly name: string;
  readonly numbers: readonly string[];
  readonly flow: unknown;
}

/** A desk with the night switch open, as it is stored. */
async function openNightSwitch(): Promise<{ desk: Configurator; id: string }> {
  const realm = freshRealm();
  const path = `/v1/realms/${realm}/callflows`;
  const { body } = await stage.lamplighter.api('POST', path, NIGHT_SWITCH);
  const { id } = body.callflow as Stored;
  const desk = await stage.configurator(realm);
  await desk.open(id);
  return { desk, id };
}

async function read({ realm }: Configurator, id: string): Promise<Stored> {
  const { body } = await stage.lamplighter.api('GET', `/v1/realms/${realm}/callflows/${id}`);
  return body.callflow as Stored;
}

async function count({ realm }: Configurator): Promise<number> {
  const { body } = await stage.lamplighter.api('GET', `/v1/realms/${realm}/callflows`);
  return (body.callflows as Stored[]).length;
}

describe('the Save menu', () => {
  test('is closed to a callflow without changes, and open once one was made and not undone', async () => {
    const { desk } = await openNightSwitch();
    expect(await desk.save.isDisabled()).toBe(true);
    await desk.name.fill('Night');
    await expect.poll(() => desk.save.isEnabled()).toBe(true);
    await desk.name.fill('Night switch');
    await expect.poll(() => desk.save.isDisabled()).toBe(true);
  });

  test('Save Changes stores the callflow and stays on it', async () => {
    const { desk, id } = await openNightSwitch();
    await desk.name.fill('Night and day');
    await desk.choose('Save Changes');
    await desk.saved();
    expect(await read(desk, id)).toMatchObject({
      rev: 2,
      name: 'Night and day',
      numbers: ['*30'],
      flow: FLOW,
    });
    expect(desk.openId).toBe(id);
    expect(await desk.save.isDisabled()).toBe(true);
    await desk.list.getByRole('link', { name: 'Night and day' }).waitFor();
  });

  test('Save and Duplicate stores it, and opens a copy that no number reaches', async () => {
    const { desk, id } = await openNightSwitch();
    await desk.name.fill('Night and day');
    await desk.choose('Save and Duplicate');
    const copy = await desk.opened(id);
    expect(await desk.name.inputValue()).toBe('Night and day copy');
    const main = desk.block('Callflow Night and day copy');
    await main.getByText('No extension or number yet').waitFor();
    await desk.block('Manual Presence night: toggle').waitFor();
    expect(await read(desk, id)).toMatchObject({ name: 'Night and day', numbers: ['*30'], flow: FLOW });
    expect(await read(desk, copy)).toMatchObject({ name: 'Night and day copy', numbers: [], flow: FLOW });
    await desk.list.getByRole('link', { name: 'Night and day copy' }).waitFor();
    expect(await count(desk)).toBe(2);
  });

  test('Save and Create stores it, and opens a new empty callflow', async () => {
    const { desk, id } = await openNightSwitch();
    await desk.name.fill('Night and day');
    await desk.choose('Save and Create');
    const created = await desk.opened(id);
    await desk.block('Add action here: first block').waitFor();
    expect(await read(desk, id)).toMatchObject({ name: 'Night and day', numbers: ['*30'] });
    expect(await read(desk, created)).toMatchObject({ numbers: [], flow: null });
    expect(await count(desk)).toBe(2);
  });

  test('Cancel asks first, and then drops the changes', async () => {
    const { desk, id } = await openNightSwitch();
    await desk.name.fill('Night and day');
    const question = desk.question('Drop the changes?');
    await desk.choose('Cancel');
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await desk.name.inputValue()).toBe('Night and day');

    await desk.choose('Cancel');
    await question.getByRole('button', { name: 'Drop changes' }).click();
    await expect.poll(() => desk.name.inputValue()).toBe('Night switch');
    expect(await desk.save.isDisabled()).toBe(true);
    expect(await read(desk, id)).toMatchObject({ rev: 1, name: 'Night switch' });
  });

  test('an impossible callflow is refused, and the place is named', async () => {
    const { desk, id } = await openNightSwitch();
    stage.guard.expectRefusal(422);
    await desk.describe({ name: 'Night switch', numbers: ['a<b'] });
    const refused = desk.page.waitForResponse((response) => response.status() === 422);
    await desk.choose('Save Changes');
    await refused;
    await desk.page
      .getByRole('list', { name: 'Problems' })
      .getByText(/"a<b" cannot be dialled/)
      .waitFor();
    expect(await desk.save.isEnabled()).toBe(true);
    expect(await read(desk, id)).toMatchObject({ rev: 1, numbers: ['*30'] });
  });
});

describe('leaving with changes', () => {
  test('asks before another callflow, another page or the one before is shown', async () => {
    const { desk, id } = await openNightSwitch();
    await stage.lamplighter.api('POST', `/v1/realms/${desk.realm}/callflows`, { name: 'Other', flow: FLOW });
    await desk.page.reload();
    const other = desk.list.getByRole('link', { name: 'Other' });
    await other.click();
    await desk.opened(id);
    await desk.list.getByRole('link', { name: 'Night switch' }).click();
    await expect.poll(() => desk.openId).toBe(id);
    await expect.poll(() => desk.name.inputValue()).toBe('Night switch');

    await desk.name.fill('Night and day');
    const question = desk.question('Leave without saving?');
    const ways = [
      () => other.click(),
      () => desk.page.getByRole('link', { name: 'Lamps' }).click(),
      () => desk.page.evaluate('history.back()'),
    ];
    for (const leave of ways) {
      await leave();
      await question.getByRole('button', { name: 'Stay' }).click();
      await question.waitFor({ state: 'detached' });
      expect(desk.openId).toBe(id);
      expect(await desk.name.inputValue()).toBe('Night and day');
    }
    await other.click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await expect.poll(() => desk.name.inputValue()).toBe('Other');
    expect(await read(desk, id)).toMatchObject({ rev: 1, name: 'Night switch' });
  });

  test('has the browser ask before the page is closed, but not without changes', async () => {
    const { desk } = await openNightSwitch();
    const asked: string[] = [];
    desk.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await desk.page.reload();
    await desk.name.waitFor();
    expect(asked).toEqual([]);
    await desk.name.press('End');
    await desk.page.keyboard.type('!');
    await desk.page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    expect(await desk.name.inputValue()).toBe('Night switch!');
  });
});

describe('a stale save', () => {
  const isRefused = (response: Response) =>
    response.request().method() === 'PUT' && response.status() === 409;

  /** Two people have the night switch open; the second saves after the first, and is refused. */
  async function conflict(): Promise<{ mine: Configurator; id: string }> {
    stage.guard.expectRefusal(409);
    const { desk: theirs, id } = await openNightSwitch();
    const mine = await stage.configurator(theirs.realm);
    await mine.open(id);
    await theirs.name.fill('Theirs');
    await mine.name.fill('Mine');
    await theirs.choose('Save Changes');
    await theirs.saved();
    const refused = mine.page.waitForResponse(isRefused);
    await mine.choose('Save Changes');
    await refused;
    await mine.conflict.waitFor();
    expect(await mine.name.inputValue()).toBe('Mine');
    expect(await read(mine, id)).toMatchObject({ rev: 2, name: 'Theirs' });
    return { mine, id };
  }

  test('shows the conflict, and is saved once it is said to replace the other', async () => {
    const { mine, id } = await conflict();
    await mine.conflict.getByRole('button', { name: 'Keep mine' }).click();
    await mine.conflict.waitFor({ state: 'detached' });
    await mine.choose('Save Changes');
    await mine.saved();
    expect(await read(mine, id)).toMatchObject({ rev: 3, name: 'Mine' });
  });

  test('gives way to the other, and undo brings the own changes back', async () => {
    const { mine, id } = await conflict();
    await mine.conflict.getByRole('button', { name: 'Reload theirs' }).click();
    await expect.poll(() => mine.name.inputValue()).toBe('Theirs');
    await mine.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => mine.name.inputValue()).toBe('Mine');
    expect(await read(mine, id)).toMatchObject({ rev: 2, name: 'Theirs' });
  });

  test('becomes a copy beside the other', async () => {
    const { mine, id } = await conflict();
    await mine.conflict.getByRole('button', { name: 'Save mine as a copy' }).click();
    const copy = await mine.opened(id);
    expect(await read(mine, copy)).toMatchObject({ name: 'Mine copy', numbers: [], flow: FLOW });
    expect(await read(mine, id)).toMatchObject({ rev: 2, name: 'Theirs' });
  });
});
