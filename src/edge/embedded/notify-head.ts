import type { Notify } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import type { ByteString } from '../../sip/message.ts';
import type { NextHop } from './next-hop.ts';
import type { FoundPath } from './path.ts';

/** The sent-by of our Via, and the transport it names in upper case. */
export interface SentBy {
  readonly transport: string;
  /** `host:port`. */
  readonly hostPort: string;
}

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
  /** Where it goes, resolved at the first NOTIFY and again when a stream was closed. */
  found: FoundPath | null = null;

  constructor(record: SubscriptionRecord, hop: NextHop, sentBy: SentBy) {
    this.hop = hop;
    // RFC 3581 §3: rport asks for the answer to come back through our NAT, if there is one.
    this.start = `NOTIFY ${hop.requestUri} SIP/2.0\r\nVia: SIP/2.0/${sentBy.transport} ${sentBy.hostPort};rport;branch=`;
    this.middle = fixedFields(record, hop);
  }
}

function fixedFields(record: SubscriptionRecord, hop: NextHop): ByteString {
  const { dialog } = record;
  const routes = hop.routes.map((route) => `Route: ${route}\r\n`).join('');
  // RFC 3261 §12.1.1: an RFC 2543 phone may have no tag; then To gets none.
  const toTag = dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`;
  const eventId = record.eventId === null ? '' : `;id=${record.eventId}`;
  return `\r\nMax-Forwards: 70\r\n${routes}From: ${dialog.localUri};tag=${dialog.localTag}\r\nTo: ${dialog.remoteUri}${toTag}\r\nCall-ID: ${dialog.callId}\r\nContact: <${dialog.localTarget}>\r\nEvent: ${record.package}${eventId}\r\nCSeq: `;
}

/** The text of one NOTIFY. */
export function notifyText(head: NotifyHead, branch: string, notify: Notify): ByteString {
  const { body } = notify;
  const extra = extraFields(notify.headers);
  const type =
    notify.contentType === ''
      ? '\r\nContent-Length: '
      : `\r\nContent-Type: ${notify.contentType}\r\nContent-Length: `;
  return `${head.start}${branch}${head.middle}${notify.cseq} NOTIFY\r\nSubscription-State: ${notify.subscriptionState}${extra}${type}${body.length}\r\n\r\n${body}`;
}

/** The header fields that most NOTIFYs do not have. */
function extraFields(headers: readonly ByteString[]): ByteString {
  let text = '';
  for (let at = 0; at < headers.length; at += 2) text += `\r\n${headers[at]}: ${headers[at + 1]}`;
  return text;
}
