import type { Board } from '../board.ts';
import { compileDocument, type DocumentTemplate, ENTITY } from './document.ts';
import type { DocumentStyle } from './style.ts';
import { toldPresence } from './told-presence.ts';
import { escapeXml } from './xml.ts';

/** The body type of the presence event package (RFC 3856 §6.5). */
export const PIDF = 'application/pidf+xml';

const NAMESPACES = [
  'xmlns="urn:ietf:params:xml:ns:pidf"',
  'xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"',
  'xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"',
].join(' ');

/** The activities of RFC 4480 §3.2, each an element of its own. */
const ACTIVITIES = new Set(
  [
    'appointment away breakfast busy dinner holiday in-transit looking-for-work lunch meal meeting on-the-phone',
    'performance permanent-absence playing presentation shopping sleeping spectator steering travel tv vacation',
    'working worship',
  ].flatMap((line) => line.split(' ')),
);

/**
 * The PIDF document of a board (RFC 3863) with RPID activities (RFC 4480) and a note. Basic status is open unless
 * the phones have published that it is closed: that would say that nobody can be reached. No timestamp: a document may
 * be sent again unchanged, and RFC 3863 §4.1.7 forbids to repeat one.
 */
export function encodePidf(
  board: Board | null,
  style: Pick<DocumentStyle, 'order' | 'view'>,
): DocumentTemplate {
  const { basic, activities, note: words } = toldPresence(board, style);
  const note = escapeXml(words);
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<presence ${NAMESPACES} entity="${ENTITY}">`;
  const tuple = `<tuple id="lamp"><status><basic>${basic}</basic></status><contact>${ENTITY}</contact><note>${note}</note></tuple>`;
  return compileDocument(PIDF, `${head}${tuple}<note>${note}</note>${person(activities, note)}</presence>\n`);
}

function person(activities: readonly string[], note: string): string {
  if (activities.length === 0) return '';
  const elements = activities.map(activityElement).join('');
  return `<dm:person id="person"><rpid:activities>${elements}</rpid:activities><dm:note>${note}</dm:note></dm:person>`;
}

/** RFC 4480 §3.2: what is not of the list is another activity, named in text. */
function activityElement(name: string): string {
  return ACTIVITIES.has(name) ? `<rpid:${name}/>` : `<rpid:other>${escapeXml(name)}</rpid:other>`;
}
