import { keyOf, type Path } from '../model/tree.ts';

/** Moves the focus to a block once it is drawn, after a window has given the focus back. */
export function focusBlock(path: Path): void {
  whenDrawn(() => find(`[data-block="${CSS.escape(keyOf(path))}"]`)?.focus({ preventScroll: true }));
}

/** Moves the focus to the first action of the catalogue. */
export function focusCatalog(): void {
  whenDrawn(() => find('.catalog-list button')?.focus());
}

/** Moves the focus to the first place that takes what is carried. */
export function focusFirstPlace(): void {
  whenDrawn(() => find('.place.is-valid')?.focus({ preventScroll: true }));
}

/** Moves the focus to the main block. */
export function focusMain(): void {
  whenDrawn(() => find('[data-block="main"]')?.focus({ preventScroll: true }));
}

function find(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(selector);
}

/** Two frames: React draws in the first, and React Flow places what is new before the second. */
function whenDrawn(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}
