import { describe, expect, test } from 'vitest';
import { freshRealm, openStage } from '../support/browser-stage.ts';
import { readNotify } from '../support/lamp-document.ts';
import { placeCall } from '../support/phone-call.ts';
import { tabTo } from '../support/tab-to.ts';

const stage = openStage();

/** A phone that watches `night`, and what another does when it dials *30: the lamp that the first shows then. */
async function nightLamp(realm: string): Promise<{ dial: () => Promise<string> }> {
  const [watching, dialling] = [await stage.phone(), await stage.phone()];
  const subscription = await watching.subscribe(`sip:night@${realm}`);
  expect(readNotify(await subscription.nextNotify()).lamp).toBe('terminated');
  return {
    dial: async () => {
      await placeCall(dialling, `sip:*30@${realm}`).answer();
      return readNotify(await subscription.nextNotify()).lamp;
    },
  };
}

/** What the API says of the only callflow of a realm. */
async function onlyCallflow(realm: string): Promise<unknown> {
  const { body } = await stage.lamplighter.api('GET', `/v1/realms/${realm}/callflows`);
  const [{ id }] = body.callflows as [{ id: string }];
  return (await stage.lamplighter.api('GET', `/v1/realms/${realm}/callflows/${id}`)).body.callflow;
}

const MANUAL = { module: 'manual_presence', data: { presence_id: 'night', status: 'busy' }, children: {} };

const NIGHT_SWITCH = {
  name: 'Night switch',
  numbers: ['*30'],
  flow: { module: 'manual_presence', data: { presence_id: 'night', status: 'toggle' }, children: {} },
};

describe('the night switch', () => {
  test('is drawn by drag and drop from an empty page, saved, and then toggled by dialling *30', async () => {
    const realm = freshRealm();
    const desk = await stage.configurator(realm);
    await desk.list.getByText('No callflows yet').waitFor();
    await desk.create();
    expect(await desk.save.isDisabled()).toBe(true);

    await desk.describe({ name: 'Night switch', numbers: ['*30'] });
    expect(await desk.save.isEnabled()).toBe(true);
    const place = desk.block('Add action here: first block');
    await desk.dragAction('Manual Presence', place, async () => {
      await desk.page.locator('.place.is-valid').waitFor();
    });
    await desk.fillPresence({ id: 'night', status: 'Toggle' });
    await desk.block('Manual Presence night: toggle').waitFor();
    await desk
      .block('Manual Presence night: toggle')
      .getByRole('img', { name: 'Lamp night: idle' })
      .waitFor();
    const night = await nightLamp(realm);

    await desk.choose('Save Changes');
    await desk.saved();
    expect(await desk.save.isDisabled()).toBe(true);
    expect(await onlyCallflow(realm)).toMatchObject(NIGHT_SWITCH);

    expect(await night.dial()).toBe('confirmed');
    await desk
      .block('Manual Presence night: toggle')
      .getByRole('img', { name: 'Lamp night: busy' })
      .waitFor();
    expect(await night.dial()).toBe('terminated');
    await desk
      .block('Manual Presence night: toggle')
      .getByRole('img', { name: 'Lamp night: idle' })
      .waitFor();
  });

  test('is drawn and saved with the keyboard alone', async () => {
    const realm = freshRealm();
    const desk = await stage.configurator(realm);
    const { keyboard } = desk.page;
    await tabTo(desk.page, 'button', 'New callflow');
    await keyboard.press('Enter');
    await desk.opened();

    // The main block opens its window, whose first field has the focus.
    await tabTo(desk.page, 'button', /^Callflow /);
    await keyboard.press('Enter');
    await desk.window('Callflow').waitFor();
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('Night switch');
    await tabTo(desk.page, 'textbox', 'Extensions and numbers');
    await keyboard.type('*30');
    // Enter adds the number; then, with nothing typed, it applies.
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await desk.block('Callflow Night switch').waitFor();

    // A place, then the action for it.
    await tabTo(desk.page, 'button', 'Add action here: first block');
    await keyboard.press('Enter');
    await tabTo(desk.page, 'button', 'Manual Presence');
    await keyboard.press('Enter');
    await desk.window('Manual Presence').waitFor();
    await keyboard.type('night');
    await tabTo(desk.page, 'radio', 'Busy');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await desk.block('Manual Presence night: toggle').waitFor();

    await tabTo(desk.page, 'button', 'Save');
    await keyboard.press('Enter');
    await desk.page.getByRole('menuitem', { name: 'Save Changes' }).waitFor();
    await keyboard.press('Enter');
    await desk.saved();
    expect(await onlyCallflow(realm)).toMatchObject(NIGHT_SWITCH);
    expect(await (await nightLamp(realm)).dial()).toBe('confirmed');
  });
});

describe('the diagram', () => {
  test('takes a dragged block at the top, below another and in place of another', async () => {
    const desk = await stage.configurator(freshRealm());
    await desk.create();
    await desk.dragAction('Manual Presence', desk.block(/^Add action here: first block/));
    await desk.fillPresence({ id: 'night', status: 'Busy' });
    await desk.dragAction('Manual Presence', desk.block(/^Add action here: below Manual Presence/));
    await desk.fillPresence({ id: 'day', status: 'Idle' });
    await desk.dragAction('Hang Up', desk.block('Manual Presence day: idle'));
    await desk.block(/^Hang Up/).waitFor();
    await desk.choose('Save Changes');
    await desk.saved();
    expect(await onlyCallflow(desk.realm)).toMatchObject({
      flow: {
        module: 'manual_presence',
        data: { presence_id: 'night', status: 'busy' },
        children: { _: { module: 'hangup', children: {} } },
      },
    });
  });

  test('takes a block that a finger drags from the catalog', async () => {
    const tablet = await stage.person({ hasTouch: true, viewport: { width: 1180, height: 820 } });
    const desk = await stage.configurator(freshRealm(), tablet);
    await desk.create();
    await desk.dragActionByTouch('Manual Presence', desk.block(/^Add action here: first block/));
    await desk.fillPresence({ id: 'night', status: 'Busy' });
    await desk.block('Manual Presence night: busy').waitFor();
    expect(await desk.page.locator('.ghost').count()).toBe(0);
  });

  test('shows a flow with branches whole on a phone, and moves under a finger', async () => {
    const realm = freshRealm();
    const exits = { idle: MANUAL, ringing: MANUAL, busy: MANUAL, _: MANUAL };
    const flow = { module: 'presence_branch', data: { presence_id: 'night' }, children: exits };
    const path = `/v1/realms/${realm}/callflows`;
    await stage.lamplighter.api('POST', path, { name: 'Wide', numbers: ['*40'], flow });
    const viewport = { width: 390, height: 844 };
    const desk = await stage.configurator(
      realm,
      await stage.person({ viewport, hasTouch: true, isMobile: true }),
    );
    await desk.list.getByRole('link', { name: 'Wide' }).click();
    const blocks = desk.block(/^Manual Presence/);
    const edges = async () => {
      const boxes = await Promise.all((await blocks.all()).map((block) => block.boundingBox()));
      const lefts = boxes.map((box) => box?.x ?? Number.NaN);
      return {
        left: Math.min(...lefts),
        right: Math.max(...boxes.map((box) => (box?.x ?? 0) + (box?.width ?? 0))),
      };
    };
    await expect.poll(() => blocks.count()).toBe(4);
    await expect.poll(async () => (await edges()).left).toBeGreaterThanOrEqual(0);
    const before = await edges();
    expect(before.right).toBeLessThanOrEqual(viewport.width);
    const touch = await desk.page.context().newCDPSession(desk.page);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 300, y: 180 }] });
    for (const x of [280, 250, 200]) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: 180 }] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(async () => (await edges()).left).toBeLessThan(before.left - 50);
  });

  test('shows at once that another callflow has a number, while it is typed and on the main block', async () => {
    const realm = freshRealm();
    await stage.lamplighter.api('POST', `/v1/realms/${realm}/callflows`, NIGHT_SWITCH);
    const desk = await stage.configurator(realm);
    await desk.create();
    const asked: string[] = [];
    await desk.page.route('**/callflows/check', (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    stage.guard.expectLoss();
    await desk.block(/^Callflow/).dblclick();
    const window = desk.window('Callflow');
    await window.getByRole('textbox', { name: 'Extensions and numbers' }).fill('*30');
    await window.getByText('Already reaches “Night switch”').waitFor();
    await window.getByRole('button', { name: 'Apply' }).click();
    // The page sees it by itself: the server's check is never answered here.
    await desk.page
      .getByRole('list', { name: 'Problems' })
      .getByText(/\*30 already reaches "Night switch"/)
      .waitFor();
    await window.waitFor({ state: 'detached' });
    await expect.poll(() => asked.length).toBeGreaterThan(0);
  });

  test('lists a foreign realm on the block that names it', async () => {
    const realm = freshRealm();
    const foreign = { module: 'manual_presence', data: { presence_id: 'night@evil.example' }, children: {} };
    const document = { name: 'Far', numbers: ['*41'], flow: { ...MANUAL, children: { _: foreign } } };
    const { body } = await stage.lamplighter.api('POST', `/v1/realms/${realm}/callflows`, document);
    const desk = await stage.configurator(realm);
    await desk.open((body.callflow as { id: string }).id);
    const message = 'The realm evil.example is not granted to this callflow';
    await desk.page.getByRole('list', { name: 'Problems' }).getByText(message).click();
    await expect
      .poll(() => desk.block(/^Manual Presence night@evil/).getAttribute('aria-pressed'))
      .toBe('true');
  });

  test('moves a block by dragging it, removes it by Delete, and undoes and redoes both', async () => {
    const desk = await stage.configurator(freshRealm());
    await desk.create();
    await desk.dragAction('Manual Presence', desk.block(/^Add action here: first block/));
    await desk.fillPresence({ id: 'lobby', status: 'Busy' });
    await desk.dragAction('Presence Branch', desk.block(/^Insert action here: first block/));
    const window = desk.window('Presence Branch');
    await window.getByLabel('ID', { exact: true }).fill('night');
    await window.getByRole('button', { name: 'Add block' }).click();

    const lobby = desk.block('Manual Presence lobby: busy');
    const exit = (label: string) => desk.block(`Add action here: below Presence Branch, ${label}`);
    await exit('Busy').waitFor();
    expect(await exit('Otherwise').count()).toBe(0);
    await desk.drag(lobby, exit('Busy'));
    await exit('Otherwise').waitFor();
    expect(await exit('Busy').count()).toBe(0);

    await lobby.press('Delete');
    await exit('Busy').waitFor();
    expect(await lobby.count()).toBe(0);
    const { keyboard } = desk.page;
    await keyboard.press('ControlOrMeta+z');
    await lobby.waitFor();
    await keyboard.press('ControlOrMeta+z');
    await exit('Busy').waitFor();
    expect(await exit('Otherwise').count()).toBe(0);
    await keyboard.press('ControlOrMeta+Shift+z');
    await exit('Otherwise').waitFor();
    await keyboard.press('ControlOrMeta+Shift+z');
    await lobby.waitFor({ state: 'detached' });
  });

  test('runs a callflow, and shows the path it took and the lamps that moved', async () => {
    const desk = await stage.configurator(freshRealm());
    await desk.create();
    await desk.dragAction('Manual Presence', desk.block(/^Add action here: first block/));
    await desk.fillPresence({ id: 'night', status: 'Busy' });
    await desk.page.getByRole('button', { name: 'Run', exact: true }).click();
    await desk.window('Run callflow').getByRole('button', { name: 'Save and run' }).click();
    const path = desk.page.getByRole('region', { name: 'Path of the run' });
    await path.getByText('set to busy').waitFor();
    await path.getByText('night busy').waitFor();
    await desk.diagram.locator('.block.is-passed').waitFor();
  });
});
