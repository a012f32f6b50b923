import type { Locator, Page } from 'playwright-core';

/** What the Save menu offers. */
export type SaveChoice = 'Save Changes' | 'Save and Duplicate' | 'Save and Create' | 'Cancel';

interface Where {
  readonly origin: string;
  readonly realm: string;
}

/** The page as a person with a mouse uses it. What is awaited is visible afterwards. */
export class Configurator {
  readonly page: Page;
  readonly realm: string;
  readonly #origin: string;

  constructor(page: Page, { origin, realm }: Where) {
    this.page = page;
    this.realm = realm;
    this.#origin = origin;
  }

  /** Opens the list, or the callflow with `id`. */
  async open(id = ''): Promise<void> {
    await this.page.goto(`${this.#origin}/#/${this.realm}/callflows/${id}`);
    await this.list.getByRole('heading', { name: 'Callflows' }).waitFor();
    if (id !== '') await this.name.waitFor();
  }

  get list(): Locator {
    return this.page.getByRole('complementary', { name: 'Callflows' });
  }

  get catalog(): Locator {
    return this.page.getByRole('complementary', { name: 'Actions' });
  }

  get diagram(): Locator {
    return this.page.getByRole('region', { name: 'Diagram' });
  }

  get name(): Locator {
    return this.page.getByLabel('Callflow name');
  }

  get save(): Locator {
    return this.page.getByRole('button', { name: /^Sav(e|ing…)$/ });
  }

  get conflict(): Locator {
    return this.page.getByRole('alert').filter({ hasText: 'Somebody else has saved this callflow' });
  }

  /** A block of the diagram by what it is called: title and caption. */
  block(name: string | RegExp): Locator {
    return this.diagram.getByRole('button', { name });
  }

  window(title: string): Locator {
    return this.page.getByRole('dialog', { name: title });
  }

  question(title: string | RegExp): Locator {
    return this.page.getByRole('alertdialog', { name: title });
  }

  /** The id of the callflow that is open. */
  get openId(): string {
    return decodeURIComponent(this.page.url().split('/callflows/')[1] ?? '');
  }

  /** Waits until another callflow than `before` is open; gives its id. */
  async opened(before = ''): Promise<string> {
    await this.page.waitForURL((url) => {
      const id = url.hash.split('/callflows/')[1] ?? '';
      return id !== '' && decodeURIComponent(id) !== before;
    });
    await this.name.waitFor();
    return this.openId;
  }

  /** Creates an empty callflow, which is open then; gives its id. */
  async create(): Promise<string> {
    const before = this.openId;
    await this.list.getByRole('button', { name: 'New callflow' }).click();
    return this.opened(before);
  }

  /** Fills in the main block. */
  async describe({ name, numbers }: { name: string; numbers: readonly string[] }): Promise<void> {
    await this.block(/^Callflow /).dblclick();
    const window = this.window('Callflow');
    await window.getByLabel('Name', { exact: true }).fill(name);
    for (const number of numbers) {
      await window.getByRole('textbox', { name: 'Extensions and numbers' }).fill(number);
      await window.getByRole('button', { name: 'Add number' }).click();
    }
    await window.getByRole('button', { name: 'Apply' }).click();
  }

  /** Drags an action of the catalog onto a place or a block of the diagram. */
  async dragAction(action: string, onto: Locator, meanwhile?: () => Promise<void>): Promise<void> {
    await this.drag(this.catalog.getByRole('button', { name: action, exact: true }), onto, meanwhile);
  }

  /** Drags anything onto a place or a block; `meanwhile` is awaited before the release. */
  async drag(source: Locator, onto: Locator, meanwhile = async (): Promise<void> => {}): Promise<void> {
    await source.hover();
    await this.page.mouse.down();
    const { x, y } = await middleOf(onto);
    await this.page.mouse.move(x - 40, y + 40, { steps: 3 });
    await meanwhile();
    await this.page.mouse.move(x, y, { steps: 2 });
    await this.page.mouse.up();
  }

  /** Drags an action of the catalog with a finger: it rests until the action can be carried, moves and lets go. */
  async dragActionByTouch(action: string, onto: Locator): Promise<void> {
    const touch = await this.page.context().newCDPSession(this.page);
    const finger = (type: 'touchStart' | 'touchMove', at: { x: number; y: number }) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: [at] });
    const from = await middleOf(this.catalog.getByRole('button', { name: action, exact: true }));
    await finger('touchStart', from);
    await this.page.locator('.ghost').waitFor();
    const to = await middleOf(onto);
    for (const part of [0.1, 0.5, 0.9, 1]) {
      const at = { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
      await finger('touchMove', at);
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await touch.detach();
  }

  /** Fills in the window of a Manual Presence block. */
  async fillPresence({ id, status }: { id: string; status: string }): Promise<void> {
    const window = this.window('Manual Presence');
    await window.getByLabel('ID', { exact: true }).fill(id);
    await window.getByText(status, { exact: true }).click();
    await window.getByRole('button', { name: /^(Add block|Apply)$/ }).click();
  }

  /** Makes a choice of the Save menu. */
  async choose(choice: SaveChoice): Promise<void> {
    await this.save.click();
    await this.page.getByRole('menuitem', { name: choice }).click();
  }

  /** Waits until nothing is left to save. */
  async saved(): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'Callflow' }).getByText('Saved', { exact: true }).waitFor();
  }
}

async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('There is nothing to drop on');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
