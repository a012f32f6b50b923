import { type PointerEvent as ReactPointerEvent, useEffect, useRef } from 'react';
import type { Payload, Target } from '../model/placing.ts';
import { useDesk } from './desk.ts';

/** How far a mouse moves before it is a drag, in pixels. */
const FAR = 5;
/** How long a finger rests before it is a drag; one that moves earlier scrolls. */
const HOLD_MS = 280;

/** What a place says of itself in the page, for whoever drags something over it. */
export function putAttributes(target: Target) {
  return { 'data-put': JSON.stringify(target) };
}

/** Lets an element be dragged to a place of the diagram; gives its `onPointerDown`. */
export function useDrag(payload: Payload) {
  const desk = useDesk();
  // The listeners of a drag live longer than one drawing: they must see the newest desk.
  const latest = useRef(desk);
  useEffect(() => {
    latest.current = desk;
  });
  return (event: ReactPointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const source = event.currentTarget;
    new Drag(source, event.nativeEvent, {
      begin: () => latest.current.take({ payload, by: 'pointer' }),
      accepts: (target) => latest.current.accepts(target),
      drop: (target) => latest.current.put(payload, target),
      end: () => latest.current.take(null),
    });
  };
}

interface DragDesk {
  readonly begin: () => void;
  readonly accepts: (target: Target) => boolean;
  readonly drop: (target: Target) => void;
  readonly end: () => void;
}

/** One drag, from the press to the release. */
class Drag {
  readonly #source: HTMLElement;
  readonly #desk: DragDesk;
  readonly #start: { readonly x: number; readonly y: number };
  readonly #over = new AbortController();
  readonly #hold: ReturnType<typeof setTimeout> | undefined;
  #ghost: HTMLElement | null = null;
  #place: HTMLElement | null = null;

  constructor(source: HTMLElement, event: PointerEvent, desk: DragDesk) {
    this.#source = source;
    this.#desk = desk;
    this.#start = { x: event.clientX, y: event.clientY };
    if (event.pointerType === 'touch') this.#hold = setTimeout(() => this.#begin(), HOLD_MS);
    this.#listen(event.pointerType === 'touch');
  }

  #listen(isTouch: boolean): void {
    const { signal } = this.#over;
    addEventListener('pointermove', (event) => this.#move(event, isTouch), { signal });
    addEventListener('pointerup', (event) => this.#release(event), { signal });
    addEventListener('pointercancel', () => this.#finish(), { signal });
    addEventListener('keydown', (event) => event.key === 'Escape' && this.#finish(), { signal });
    // A finger that drags must not scroll the page as well.
    const still = (event: TouchEvent) => this.#ghost !== null && event.preventDefault();
    addEventListener('touchmove', still, { signal, passive: false });
  }

  #move(event: PointerEvent, isTouch: boolean): void {
    const distance = Math.hypot(event.clientX - this.#start.x, event.clientY - this.#start.y);
    if (this.#ghost === null && distance < FAR) return;
    if (this.#ghost === null && isTouch) {
      this.#finish();
      return;
    }
    if (this.#ghost === null) this.#begin();
    this.#ghost?.style.setProperty('translate', `${event.clientX}px ${event.clientY}px`);
    this.#light(placeAt(event));
  }

  #begin(): void {
    const ghost = document.createElement('div');
    ghost.className = 'ghost';
    ghost.textContent = this.#source.dataset['ghost'] ?? this.#source.textContent;
    ghost.style.setProperty('translate', `${this.#start.x}px ${this.#start.y}px`);
    document.body.append(ghost);
    document.body.classList.add('is-dragging');
    this.#ghost = ghost;
    this.#desk.begin();
  }

  #light(place: HTMLElement | null): void {
    const target = place === null ? null : targetOf(place);
    const next = target !== null && this.#desk.accepts(target) ? place : null;
    if (next === this.#place) return;
    this.#place?.classList.remove('is-over');
    next?.classList.add('is-over');
    this.#place = next;
  }

  #release(event: PointerEvent): void {
    const wasDragged = this.#ghost !== null;
    if (wasDragged) this.#light(placeAt(event));
    const place = this.#place;
    const target = place === null ? null : targetOf(place);
    this.#finish();
    if (!wasDragged) return;
    swallowClick();
    if (target !== null) this.#desk.drop(target);
  }

  #finish(): void {
    clearTimeout(this.#hold);
    this.#over.abort();
    this.#place?.classList.remove('is-over');
    if (this.#ghost === null) return;
    this.#ghost.remove();
    document.body.classList.remove('is-dragging');
    this.#desk.end();
  }
}

function placeAt(event: PointerEvent): HTMLElement | null {
  const element = document.elementFromPoint(event.clientX, event.clientY);
  return element?.closest<HTMLElement>('[data-put]') ?? null;
}

function targetOf(place: HTMLElement): Target | null {
  const text = place.dataset['put'];
  return text === undefined ? null : (JSON.parse(text) as Target);
}

/** The browser sends a click after the release: it belongs to the drag and must select nothing. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', swallow, true), 0);
}
