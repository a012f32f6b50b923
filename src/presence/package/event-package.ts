import type { Board } from '../board.ts';
import { DIALOG_INFO, encodeBriefDialogInfo, encodeDialogInfo } from './dialog-info.ts';
import type { DocumentTemplate } from './document.ts';
import { encodeMessageSummary, MESSAGE_SUMMARY } from './message-summary.ts';
import { encodePidf, PIDF } from './pidf.ts';
import type { DocumentStyle } from './style.ts';
import { WATCHER_INFO, watcherInfoOf } from './watcher-info.ts';
import { encodeXpidf, XPIDF } from './xpidf.ts';

/** A SIP event package that is served (RFC 6665 §5). */
export interface EventPackage {
  readonly name: string;
  /** Body types that it can write, the default first. */
  readonly contentTypes: readonly string[];
  /** The document of a board; null for a package that is not about boards. */
  readonly encode: ((board: Board | null, style: DocumentStyle) => DocumentTemplate) | null;
  /** The same with less detail, for a NOTIFY that must stay small; absent: `encode` has no detail to leave out. */
  readonly encodeBrief?: (board: Board | null, style: DocumentStyle) => DocumentTemplate;
}

/** Who watches with a package (RFC 3857). There is none about watcher information itself (§4.6). */
function watcherInfo(name: string): EventPackage {
  return { name: watcherInfoOf(name), contentTypes: [WATCHER_INFO], encode: null };
}

const PACKAGES: readonly EventPackage[] = [
  {
    name: 'dialog',
    contentTypes: [DIALOG_INFO],
    encode: encodeDialogInfo,
    encodeBrief: encodeBriefDialogInfo,
  },
  { name: 'presence', contentTypes: [PIDF, XPIDF], encode: encodePresence },
  { name: 'message-summary', contentTypes: [MESSAGE_SUMMARY], encode: encodeMessageSummary },
  watcherInfo('dialog'),
  watcherInfo('presence'),
];

function encodePresence(board: Board | null, style: DocumentStyle): DocumentTemplate {
  return style.contentType === XPIDF ? encodeXpidf(board, style) : encodePidf(board, style);
}

/** The value of Allow-Events (RFC 6665 §8.2.2): every package, in this order. */
export const ALLOW_EVENTS = PACKAGES.map((known) => known.name).join(', ');

/** The package of that name, or null. Names are compared as they are written (RFC 6665 §8.2.1: case-sensitive). */
export function findPackage(name: string): EventPackage | null {
  return PACKAGES.find((known) => known.name === name) ?? null;
}
