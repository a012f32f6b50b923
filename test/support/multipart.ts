/** One part of a multipart body, as RFC 2046 §5.1 reads it. */
export interface ReadPart {
  /** Lower case names. */
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A body read without any help of the code that wrote it. */
export interface ReadMultipart {
  readonly params: Readonly<Record<string, string>>;
  readonly parts: readonly ReadPart[];
}

/** Reads a multipart body by the letter of RFC 2046 §5.1.1; throws when it is none. */
export function readMultipart(contentType: string, body: string): ReadMultipart {
  const [type = '', ...rest] = contentType.split(';');
  if (!/^multipart\/[a-z]+$/i.test(type.trim())) throw new Error(`Not multipart: ${contentType}`);
  const params = Object.fromEntries(rest.map(paramOf));
  const { boundary = '' } = params;
  if (!/^[0-9a-zA-Z'()+_,\-./:=? ]{0,69}[0-9a-zA-Z'()+_,\-./:=?]$/.test(boundary)) {
    throw new Error(`Not a boundary: ${boundary}`);
  }
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
  const [preamble, ...parts] = pieces;
  const end = parts.pop();
  if (preamble !== '' || end !== '--\r\n' || parts.length === 0) throw new Error(`Not closed: ${body}`);
  return { params, parts: parts.map(readPart) };
}

function paramOf(text: string): [string, string] {
  const match = /^\s*([a-z-]+)=(?:"([^"]*)"|([^\s"]+))\s*$/i.exec(text);
  if (match === null) throw new Error(`Not a parameter: ${text}`);
  return [(match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? ''];
}

function readPart(text: string): ReadPart {
  if (!text.startsWith('\r\n')) throw new Error(`Something follows a boundary: ${text.slice(0, 40)}`);
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(2, end).split('\r\n');
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { fields: Object.fromEntries(fields), text: text.slice(end + 4) };
}
