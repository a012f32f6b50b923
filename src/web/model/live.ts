/** How a lamp shines. */
export type LampStatus = 'idle' | 'ringing' | 'busy' | 'held' | 'trying';

/** A presence ID as the API shows it. */
export interface LampBoard {
  readonly id: string;
  readonly realm: string;
  readonly rev: number;
  readonly changedAt: string | null;
  /** What changed it last, for people; servers that do not know leave it out. */
  readonly changedBy?: string | null;
  readonly lamp: { readonly status: LampStatus; readonly note?: string; readonly leg?: string };
  readonly manual: { readonly status: string; readonly note?: string; readonly expiresAt?: string } | null;
  readonly legs: readonly LampLeg[];
}

/** A call leg on a board. */
export interface LampLeg {
  readonly id: string;
  readonly state: string;
  readonly direction?: string;
  readonly source?: string;
  readonly remote?: { readonly identity: string; readonly display?: string };
}

/** How the stream of lamps is doing. `current`: what is shown is what is. */
export type LiveLink = 'connecting' | 'current' | 'lost';

/** Every lamp of a realm that was heard of. */
export interface LiveLamps {
  readonly link: LiveLink;
  readonly boards: Readonly<Record<string, LampBoard>>;
  /** IDs heard of since the stream began: the others went idle while it was away. */
  readonly heard: ReadonlySet<string>;
}

export type LiveEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'board'; readonly board: LampBoard }
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost' };

export const NO_LAMPS: LiveLamps = { link: 'connecting', boards: {}, heard: new Set() };

/** The lamps after an event of the stream. */
export function liveReducer(lamps: LiveLamps, event: LiveEvent): LiveLamps {
  switch (event.kind) {
    case 'opened':
      return { ...lamps, link: 'connecting', heard: new Set() };
    case 'board':
      return withBoard(lamps, event.board);
    case 'ready':
      return { ...lamps, link: 'current', boards: forgetUnheard(lamps) };
    case 'lost':
      return { ...lamps, link: 'lost' };
  }
}

function withBoard(lamps: LiveLamps, board: LampBoard): LiveLamps {
  const boards = { ...lamps.boards, [board.id]: board };
  if (lamps.link === 'current') return { ...lamps, boards };
  return { ...lamps, boards, heard: new Set([...lamps.heard, board.id]) };
}

/** The snapshot names every ID that is not idle or is watched: one that it does not name went idle while nobody listened. */
function forgetUnheard({ boards, heard }: LiveLamps): Readonly<Record<string, LampBoard>> {
  const known = Object.entries(boards).map(([id, board]) => [id, heard.has(id) ? board : darkened(board)]);
  return Object.fromEntries(known);
}

function darkened(board: LampBoard): LampBoard {
  return { ...board, lamp: { status: 'idle' }, manual: null, legs: [] };
}

/** What made the lamp shine as it does, for people; null when nothing is known. */
export function causeOf(board: LampBoard): string | null {
  if (board.changedBy != null) return board.changedBy;
  const leg = board.legs.find(({ id }) => id === board.lamp.leg) ?? board.legs[0];
  if (leg !== undefined) {
    const party = leg.remote?.display ?? leg.remote?.identity;
    const call = party === undefined ? 'Call' : `Call with ${party}`;
    return leg.source === undefined ? call : `${call} (${leg.source})`;
  }
  if (board.manual === null) return null;
  return board.manual.note === undefined ? 'Set by hand or callflow' : `Set: ${board.manual.note}`;
}

/** The presence ID that a block or a person wrote, as the live lamps name it; null for another realm's. */
export function boardIdOf(written: string, realm: string): string | null {
  const [user = '', place, more] = written.trim().toLowerCase().split('@');
  if (user === '' || more !== undefined) return null;
  return place === undefined || place === realm.toLowerCase() ? user : null;
}
