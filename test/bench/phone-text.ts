/** Where everything in the benchmark listens. */
export const HOST = '127.0.0.1';
/** The realm of the benchmark: every server takes it as its own. */
export const REALM = 'lamps.bench.example.com';

/** The user part of a presence ID. */
export function userOf(id: number): string {
  return `ext${String(id).padStart(6, '0')}`;
}

/** What a SUBSCRIBE of a phone needs to know. */
export interface SubscribeParts {
  readonly index: number;
  readonly user: string;
  /** Different in each run of subscriptions. */
  readonly call: string;
  readonly cseq: number;
  readonly port: number;
  readonly expires: number;
  /** The remote target and our peer's tag; '' in the first SUBSCRIBE. */
  readonly target: string;
  readonly toTag: string;
}

export function subscribeText(parts: SubscribeParts): string {
  const { index, user, call, cseq, port, expires, target, toTag } = parts;
  const aor = `sip:${user}@${REALM}`;
  return [
    `SUBSCRIBE ${target === '' ? aor : target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bKs${index}.${cseq}.${call};rport`,
    'Max-Forwards: 70',
    `From: <sip:phone${index}@${REALM}>;tag=f${call}x${index}`,
    `To: <${aor}>${toTag === '' ? '' : `;tag=${toTag}`}`,
    `Call-ID: s${index}.${call}@bench`,
    `CSeq: ${cseq} SUBSCRIBE`,
    `Contact: <sip:s${index}@${HOST}:${port}>`,
    'Event: dialog',
    'Accept: application/dialog-info+xml',
    `Expires: ${expires}`,
    'User-Agent: bench',
    'Content-Length: 0\r\n\r\n',
  ].join('\r\n');
}

/** What a PUBLISH needs to know. */
export interface PublishParts {
  readonly id: number;
  readonly call: string;
  readonly change: number;
  readonly port: number;
  readonly state: string;
  /** The entity tag of the last PUBLISH (RFC 3903 §4.1); '' for the first. */
  readonly etag: string;
}

/** A PUBLISH whose document has the shape and the size of the one that Lamplighter writes. */
export function publishText({ id, call, change, port, state, etag }: PublishParts): string {
  const aor = `sip:${userOf(id)}@${REALM}`;
  const document = `<?xml version="1.0" encoding="UTF-8"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="${aor}"><dialog id="${String(change).padStart(16, 'd')}" direction="recipient"><state>${state}</state><local><identity>${aor}</identity><target uri="${aor}"/></local></dialog></dialog-info>\n`;
  return [
    `PUBLISH ${aor} SIP/2.0`,
    `Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bKp${id}.${change}.${call};rport`,
    'Max-Forwards: 70',
    `From: <${aor}>;tag=p${call}x${id}x${change}`,
    `To: <${aor}>`,
    `Call-ID: p${id}.${change}.${call}@bench`,
    'CSeq: 1 PUBLISH',
    'Event: dialog',
    'Expires: 3600',
    ...(etag === '' ? [] : [`SIP-If-Match: ${etag}`]),
    'Content-Type: application/dialog-info+xml',
    `Content-Length: ${document.length}`,
    `\r\n${document}`,
  ].join('\r\n');
}

/** The 200 to a request: what must be copied is cut out of it (RFC 3261 §8.2.6), whatever the order. */
export function answerText(request: string): string {
  let answer = 'SIP/2.0 200 OK\r\n';
  let from = request.indexOf('\r\n') + 2;
  for (let to = request.indexOf('\r\n', from); to > from; to = request.indexOf('\r\n', from)) {
    if (isCopied(request, from)) answer += request.slice(from, to + 2);
    from = to + 2;
  }
  return `${answer}Content-Length: 0\r\n\r\n`;
}

/** Via, From, To, Call-ID, CSeq: two letters tell them from everything that servers send in a NOTIFY. */
function isCopied(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1) | 0x20;
  switch (text.charCodeAt(at) | 0x20) {
    case 0x76:
      return second === 0x69;
    case 0x66:
      return second === 0x72;
    case 0x74:
      return second === 0x6f;
    case 0x63:
      return (second === 0x61 && text.charCodeAt(at + 4) === 0x2d) || second === 0x73;
    default:
      return false;
  }
}

/** The text between `before` and the first of `ends` behind it; '' if it is not there. */
export function between(text: string, before: string, ends: string): string {
  const at = text.indexOf(before);
  if (at === -1) return '';
  let to = at + before.length;
  while (to < text.length && !ends.includes(text[to] ?? '')) to += 1;
  return text.slice(at + before.length, to);
}
