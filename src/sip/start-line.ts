import type { ByteString } from './message.ts';
import { octetTable, parseDecimal, sliceTrimmed, tokenEnd } from './token.ts';

const SPACE = 0x20;

/** The longest Request-URI that is read, in octets. */
const LONGEST_URI = 2048;

/** What cannot be part of a Request-URI: it ends it for some reader, or makes the line ambiguous. */
const NOT_IN_URI = octetTable('\t "<>\x7f');

/** Why a request line is answered with an error. */
interface StartLineProblem {
  readonly status: 400 | 414 | 505;
  readonly reason: string;
}

export type StartLine =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly uri: ByteString;
      readonly problem: StartLineProblem | null;
    }
  | { readonly kind: 'response'; readonly status: number; readonly reason: ByteString };

/** A Request-Line or Status-Line without its line end (RFC 3261 §7.1, §7.2); null when it is neither. */
export function parseStartLine(line: ByteString): StartLine | null {
  if (line.includes('\r')) return null;
  const methodEnd = tokenEnd(line, 0);
  if (methodEnd > 0 && line.charCodeAt(methodEnd) === SPACE) return parseRequestLine(line, methodEnd);
  return parseStatusLine(line);
}

function parseRequestLine(line: ByteString, methodEnd: number): StartLine | null {
  const trimmed = sliceTrimmed(line, 0);
  const versionAt = trimmed.lastIndexOf(' ') + 1;
  const version = trimmed.slice(versionAt).toUpperCase();
  if (!version.startsWith('SIP/')) return null;
  const uri = trimmed.slice(methodEnd + 1, versionAt - 1);
  const problem = versionProblem(version) ?? uriProblem(uri) ?? endProblem(line, trimmed);
  return { kind: 'request', method: line.slice(0, methodEnd), uri, problem };
}

function versionProblem(version: string): StartLineProblem | null {
  return version === 'SIP/2.0' ? null : { status: 505, reason: 'Version Not Supported' };
}

function uriProblem(uri: ByteString): StartLineProblem | null {
  if (uri.length > LONGEST_URI) return { status: 414, reason: 'Request-URI Too Long' };
  for (let at = 0; at < uri.length; at += 1) {
    if (NOT_IN_URI[uri.charCodeAt(at)] === 1) return { status: 400, reason: 'Malformed Request-URI' };
  }
  return uri === '' ? { status: 400, reason: 'Malformed Request Line' } : null;
}

function endProblem(line: ByteString, trimmed: ByteString): StartLineProblem | null {
  return line === trimmed ? null : { status: 400, reason: 'Malformed Request Line' };
}

function parseStatusLine(line: ByteString): StartLine | null {
  if (line.slice(0, 8).toUpperCase() !== 'SIP/2.0 ') return null;
  const status = parseDecimal(line.slice(8, 11), 3);
  if (status === null || status < 100 || status > 699) return null;
  if (line.length > 11 && line.charCodeAt(11) !== SPACE) return null;
  return { kind: 'response', status, reason: sliceTrimmed(line, 11) };
}
