import type { Board } from '../board.ts';
import { type LampStatus, lampStatus } from '../lamp.ts';
import { dialogsSeen } from './dialogs-seen.ts';
import { compileDocument, type DocumentTemplate, ENTITY } from './document.ts';
import type { DocumentStyle } from './style.ts';
import { escapeXml } from './xml.ts';

/** The body type of the presence event package (RFC 3856 §6.5). */
export const PIDF = 'application/pidf+xml';

const NAMESPACES = [
  'xmlns="urn:ietf:params:xml:ns:pidf"',
  'xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"',
  'xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"',
].join(' ');

/** The activity (RFC 4480 §3.2) and the words for people of each lamp; an idle one has no activity. */
const TELLING: Readonly<Record<LampStatus, { readonly activity: string; readonly note: string }>> = {
  idle: { activity: '', note: 'Ready' },
  ringing: { activity: '<rpid:busy/>', note: 'Ringing' },
  trying: { activity: '<rpid:on-the-phone/>', note: 'Calling' },
  busy: { activity: '<rpid:on-the-phone/>', note: 'On the phone' },
  held: { activity: '<rpid:on-the-phone/>', note: 'On hold' },
};

/**
 * The PIDF document of a board (RFC 3863) with RPID activities (RFC 4480) and a note. Basic status is open
 * throughout: closed would say that the phone cannot be called. No timestamp: a document may be sent again
 * unchanged, and RFC 3863 §4.1.7 forbids to repeat one.
 */
export function encodePidf(
  board: Board | null,
  style: Pick<DocumentStyle, 'order' | 'view'>,
): DocumentTemplate {
  const [dialog] = dialogsSeen(board, style);
  const telling = TELLING[dialog === undefined ? 'idle' : lampStatus(dialog)];
  // A note says more than the lamp.
  const ownNote = style.view === 'all' ? board?.manual?.note : undefined;
  const note = escapeXml(ownNote ?? telling.note);
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<presence ${NAMESPACES} entity="${ENTITY}">`;
  const tuple = `<tuple id="lamp"><status><basic>open</basic></status><contact>${ENTITY}</contact><note>${note}</note></tuple>`;
  return compileDocument(
    PIDF,
    `${head}${tuple}<note>${note}</note>${person(telling.activity, note)}</presence>\n`,
  );
}

function person(activity: string, note: string): string {
  if (activity === '') return '';
  return `<dm:person id="person"><rpid:activities>${activity}</rpid:activities><dm:note>${note}</dm:note></dm:person>`;
}
