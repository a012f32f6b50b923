import type { Page } from 'playwright-core';

type Role = 'button' | 'textbox' | 'radio' | 'menuitem' | 'switch' | 'link';

/** More stops than any page of ours has. */
const MOST_STOPS = 80;

/** Presses Tab until what has that role and name has the focus; throws when it never gets it. */
export async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name });
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const focused = page.locator(':focus');
    if ((await focused.and(wanted).count()) > 0) return;
    const [element] = await focused.all();
    passed.push((await element?.getAttribute('aria-label')) ?? (await element?.textContent()) ?? 'nothing');
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches the ${role} ${name}, only: ${passed.join(' | ')}`);
}
