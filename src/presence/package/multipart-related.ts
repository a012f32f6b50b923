/** The body type of a list's NOTIFY (RFC 4662 §4.3, RFC 2387). */
export const MULTIPART_RELATED = 'multipart/related';

/** One part of a multipart body. */
export interface BodyPart {
  readonly contentType: string;
  /** Without its angle brackets; unique for ever (RFC 2045 §7). */
  readonly contentId: string;
  readonly text: string;
}

/** A body with the value of its Content-Type. */
export interface Multipart {
  readonly contentType: string;
  readonly body: string;
}

/** What every part takes besides its own text, type and id, in octets: delimiter line and header fields. */
export const PART_FRAME_OCTETS = 90;

/** A multipart/related body (RFC 2387) whose first part is the root. All texts are octets. */
export function writeMultipart(parts: readonly [BodyPart, ...BodyPart[]]): Multipart {
  const [root] = parts;
  const boundary = boundaryFor(parts);
  let body = '';
  for (const part of parts) body += `--${boundary}\r\n${partText(part)}\r\n`;
  return {
    contentType: `${MULTIPART_RELATED};type="${root.contentType}";start="<${root.contentId}>";boundary="${boundary}"`,
    body: `${body}--${boundary}--\r\n`,
  };
}

function partText({ contentType, contentId, text }: BodyPart): string {
  const encoding = isSevenBit(text) ? '' : 'Content-Transfer-Encoding: binary\r\n';
  return `Content-Type: ${contentType}\r\nContent-ID: <${contentId}>\r\n${encoding}\r\n${text}`;
}

/** RFC 2045 §2.7: short lines of ASCII are 7bit, what a part is that says nothing; every octet counts on UDP. */
function isSevenBit(text: string): boolean {
  if (text.length > LONGEST_LINE) return false;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7e) return false;
  return true;
}

const LONGEST_LINE = 998;

/** RFC 2046 §5.1.1: a boundary that no part holds. The search ends, because the parts do. */
function boundaryFor(parts: readonly BodyPart[]): string {
  for (let number = 0; ; number += 1) {
    const boundary = `=_lamps_${number}`;
    if (!isIn(parts, boundary)) return boundary;
  }
}

function isIn(parts: readonly BodyPart[], boundary: string): boolean {
  for (const part of parts) if (part.text.includes(boundary)) return true;
  return false;
}
