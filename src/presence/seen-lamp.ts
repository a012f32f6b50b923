import type { LampStatus } from './lamp.ts';
import type { LegState } from './leg.ts';
import type { SeenDialog } from './seen-dialogs.ts';

/** What a phone's lamp shows. */
export interface SeenLamp {
  readonly lamp: LampStatus;
  readonly remote: string | null;
}

/** The lamp for the dialogs of a document: the strongest by `order` counts; none at all is idle. */
export function lampOf(dialogs: readonly SeenDialog[], order: readonly LegState[]): SeenLamp {
  const ranked = [...dialogs].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  const strongest = ranked[0];
  if (strongest === undefined || strongest.state === 'terminated') return { lamp: 'idle', remote: null };
  return { lamp: wordOf(strongest), remote: strongest.remote };
}

function wordOf({ state, held }: SeenDialog): LampStatus {
  if (state === 'early') return 'ringing';
  if (state === 'confirmed') return held ? 'held' : 'busy';
  return 'trying';
}
