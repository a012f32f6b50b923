import type { Board } from '../board.ts';
import { lampStatus } from '../lamp.ts';
import { dialogsSeen } from './dialogs-seen.ts';
import { compileDocument, type DocumentTemplate, ENTITY, USER } from './document.ts';
import type { DocumentStyle } from './style.ts';

/** The body type that came before PIDF (draft-rosenberg-impp-pidf-00), the only one that old Polycom phones understand. */
export const XPIDF = 'application/xpidf+xml';

const DOCTYPE = '<!DOCTYPE presence PUBLIC "-//IETF//DTD RFCxxxx XPIDF 1.0//EN" "xpidf.dtd">';

/** The XPIDF document of a board: `open` when idle, `inuse` with a ringing phone or a call. */
export function encodeXpidf(
  board: Board | null,
  style: Pick<DocumentStyle, 'order' | 'view'>,
): DocumentTemplate {
  const [dialog] = dialogsSeen(board, style);
  const idle = dialog === undefined || lampStatus(dialog) === 'idle';
  const status = idle ? 'open' : 'inuse';
  const substatus = idle ? 'online' : 'onthephone';
  const presentity = `<presentity uri="${ENTITY};method=SUBSCRIBE"/>`;
  const address = `<address uri="${ENTITY};user=ip" priority="0.800000"><status status="${status}"/><msnsubstatus substatus="${substatus}"/></address>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${DOCTYPE}\n<presence>${presentity}<atom id="${USER}">${address}</atom></presence>\n`;
  return compileDocument(XPIDF, text);
}
