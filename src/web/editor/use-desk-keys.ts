import { useEffect, useRef } from 'react';
import type { Desk } from './desk.ts';

/** Keys of the whole desk: undo, redo, save, and Escape to put back what is carried. */
export function useDeskKeys(desk: Desk, save: () => Promise<unknown>): void {
  const latest = useRef({ desk, save });
  useEffect(() => {
    latest.current = { desk, save };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]') !== null) return;
      const { desk: now, save: saveNow } = latest.current;
      const done = event.ctrlKey || event.metaKey ? command(event, now, saveNow) : putBack(event, now);
      if (done) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function command(event: KeyboardEvent, desk: Desk, save: () => Promise<unknown>): boolean {
  const key = event.key.toLowerCase();
  if (key === 's') {
    if (desk.isChanged) void save();
    return true;
  }
  if (key === 'z' && !event.shiftKey) desk.undo();
  else if (key === 'y' || (key === 'z' && event.shiftKey)) desk.redo();
  else return false;
  return true;
}

function putBack(event: KeyboardEvent, desk: Desk): boolean {
  if (event.key !== 'Escape') return false;
  if (desk.hand === null && desk.armed === null && desk.shownRun === null) return false;
  desk.take(null);
  desk.arm(null);
  if (desk.hand === null && desk.armed === null) desk.showRun(null);
  return true;
}
