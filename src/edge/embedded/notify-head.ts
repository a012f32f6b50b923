import type { Notify } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { canonicalName, compactName } from '../../sip/header-name.ts';
import type { ByteString } from '../../sip/message.ts';
import type { NextHop } from './next-hop.ts';
import type { Connection, FoundPath } from './path.ts';

/** The sent-by of our Via, and the transport it names in upper case. */
export interface SentBy {
  readonly transport: string;
  /** `host:port`. */
  readonly hostPort: string;
}

/** How the header fields are spelled that have a compact form (RFC 3261 §7.3.3; RFC 6665 §8.2.1 for Event). */
interface Spelling {
  readonly via: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly contact: string;
  readonly event: string;
  readonly contentType: string;
  readonly contentLength: string;
  /** The name of another header field. */
  other(name: ByteString): string;
}

const LONG: Spelling = {
  via: 'Via',
  from: 'From',
  to: 'To',
  callId: 'Call-ID',
  contact: 'Contact',
  event: 'Event',
  contentType: 'Content-Type',
  contentLength: 'Content-Length',
  other: (name) => name,
};

const COMPACT: Spelling = {
  via: 'v',
  from: 'f',
  to: 't',
  callId: 'i',
  contact: 'm',
  event: 'o',
  contentType: 'c',
  contentLength: 'l',
  other: (name) => compactName(canonicalName(name)) ?? name,
};

/**
 * All of a subscription's NOTIFY that stays the same from one to the next, kept in `NotifySlot.cache`. A class,
 * so that what comes out of the cache can be told from what somebody else has put there.
 */
export class NotifyHead {
  /** Up to the branch. */
  readonly start: ByteString;
  /** From behind the branch to the number of CSeq. */
  readonly middle: ByteString;
  readonly hop: NextHop;
  readonly spelling: Spelling;
  /** Where it goes, resolved at the first NOTIFY and again when a stream was closed. */
  found: FoundPath | null = null;
  /** The same in compact form, made when a NOTIFY is too large for a datagram. */
  compact: NotifyHead | null = null;
  /** The same for a stream of the same phone, made for a NOTIFY that is too large for a datagram. */
  onStream: { readonly connection: Connection; readonly head: NotifyHead } | null = null;
  /** That stream did not lead to the phone: it is not tried again. */
  shunsStreams = false;

  constructor(record: SubscriptionRecord, hop: NextHop, sentBy: SentBy, form: 'long' | 'compact' = 'long') {
    this.hop = hop;
    this.spelling = form === 'long' ? LONG : COMPACT;
    // RFC 3581 §3: rport asks for the answer to come back through our NAT, if there is one.
    const via = `${this.spelling.via}: SIP/2.0/${sentBy.transport} ${sentBy.hostPort};rport;branch=`;
    this.start = [`NOTIFY ${hop.requestUri} SIP/2.0\r\n`, via].join('');
    this.middle = fixedFields(record, hop, this.spelling);
  }
}

function fixedFields(record: SubscriptionRecord, hop: NextHop, spelling: Spelling): ByteString {
  const { dialog } = record;
  const { from, to, callId, contact, event } = spelling;
  const routes = hop.routes.map((route) => `Route: ${route}\r\n`).join('');
  // RFC 3261 §12.1.1: an RFC 2543 phone may have no tag; then To gets none.
  const toTag = dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`;
  const eventId = record.eventId === null ? '' : `;id=${record.eventId}`;
  // Joined, not concatenated: a template string stays a tree of its parts, which every NOTIFY would walk again.
  return [
    `\r\nMax-Forwards: 70\r\n${routes}${from}: ${dialog.localUri};tag=${dialog.localTag}\r\n`,
    `${to}: ${dialog.remoteUri}${toTag}\r\n${callId}: ${dialog.callId}\r\n`,
    `${contact}: <${dialog.localTarget}>\r\n${event}: ${record.package}${eventId}\r\nCSeq: `,
  ].join('');
}

/** The text of one NOTIFY. */
export function notifyText(head: NotifyHead, branch: string, notify: Notify): ByteString {
  const { body, contentType } = notify;
  const { spelling } = head;
  const type = contentType === '' ? '' : `\r\n${spelling.contentType}: ${contentType}`;
  return `${head.start}${branch}${head.middle}${notify.cseq} NOTIFY\r\nSubscription-State: ${notify.subscriptionState}${otherFields(notify.headers, spelling)}${type}\r\n${spelling.contentLength}: ${body.length}\r\n\r\n${body}`;
}

/** The header fields that most NOTIFYs do not have. */
function otherFields(headers: readonly ByteString[], spelling: Spelling): ByteString {
  let text = '';
  for (let at = 0; at < headers.length; at += 2) {
    text += `\r\n${spelling.other(headers[at] ?? '')}: ${headers[at + 1]}`;
  }
  return text;
}

/** Longest branch that there can be. */
const BRANCH_OCTETS = 40;
/** CSeq with its method, the names of the fields behind it, Content-Length and line ends, at their longest. */
const FIELD_OCTETS = 100;

/** An upper bound of the octets of one NOTIFY, found without writing it. */
export function notifyOctets(head: NotifyHead, notify: Notify): number {
  const fixed = head.start.length + BRANCH_OCTETS + head.middle.length + FIELD_OCTETS;
  let octets = fixed + notify.subscriptionState.length + notify.contentType.length + notify.body.length;
  for (const text of notify.headers) octets += text.length + 2;
  return octets;
}
