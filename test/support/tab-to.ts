import type { Page } from 'playwright-core';

type Role = 'button' | 'textbox' | 'radio' | 'menuitem' | 'switch' | 'link';

/** More stops than any page of ours has. */
const MOST_STOPS = 80;

/** Presses Tab until what has that role and name has the focus; throws when it never gets it. */
export async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name });
  // Looked up once: to work out roles and names at each stop takes most of a minute on a busy machine.
  const element = await wanted.first().elementHandle();
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const focused = await page.evaluate(focusOn, element);
    if (focused === null) return;
    passed.push(focused);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches the ${role} ${name}, only: ${passed.join(' | ')}`);
}

/** Null when the element has the focus, else what has it. Runs in the page. */
function focusOn(element: unknown): string | null {
  const { activeElement } = (globalThis as unknown as { document: Focused }).document;
  if (activeElement === element) return null;
  return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? 'nothing';
}

interface Focused {
  readonly activeElement: {
    getAttribute(name: string): string | null;
    readonly textContent: string | null;
  } | null;
}
