import type { LegState } from '../../presence/leg.ts';
import type { LampWord } from '../lamp-line.ts';
import type { SeenDialog } from './dialog-info.ts';

/** What a phone's lamp shows. */
export interface SeenLamp {
  readonly lamp: LampWord;
  readonly remote: string | null;
}

/** The lamp for the dialogs of a document: the strongest by `order` counts; none at all is idle. */
export function lampOf(dialogs: readonly SeenDialog[], order: readonly LegState[]): SeenLamp {
  const ranked = [...dialogs].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  const strongest = ranked[0];
  if (strongest === undefined || strongest.state === 'terminated') return { lamp: 'idle', remote: null };
  return { lamp: wordOf(strongest), remote: strongest.remote };
}

function wordOf({ state, held }: SeenDialog): LampWord {
  if (state === 'early') return 'ringing';
  if (state === 'confirmed') return held ? 'held' : 'busy';
  return 'trying';
}
