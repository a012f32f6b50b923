import type { Flow, Notify } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { formatHostPort } from '../../sip/host.ts';
import type { ByteString } from '../../sip/message.ts';
import { requestUri } from './request-uri.ts';

/**
 * What is written to drachtio-server behind the id of a message: `|sip|<transaction>|<dialog>|<next hop>`, then a
 * request without what drachtio-server adds: Via, Max-Forwards, Content-Length, in a dialog also Request-URI, From, To,
 * Call-ID, CSeq and Route.
 */

/**
 * The Request-URI of what is sent in a dialog: drachtio-server replaces it by the Contact that formed the dialog.
 * It must not be `sip:placeholder`, nor absent: that looks the connection up by `user@host` alone, and so hands
 * one tenant's NOTIFY to another.
 */
const DUMMY_URI = 'sip:x@dialog.invalid';

/** All that the NOTIFYs inside a dialog of drachtio-server begin with. */
export function headInDialog(record: SubscriptionRecord, dialogId: ByteString): ByteString {
  return `|sip||${dialogId}\r\nNOTIFY ${DUMMY_URI} SIP/2.0\r\n${sharedFields(record)}`;
}

/**
 * All that the NOTIFYs outside every dialog of drachtio-server begin with: they say everything themselves. They go to
 * the phone's flow, or along the route set where there is one (RFC 3261 §12.2.1.1).
 */
export function headOutOfDialog(record: SubscriptionRecord): ByteString {
  const { dialog, flow } = record;
  const hop = dialog.routeSet.length > 0 ? '' : `|${flowUri(flow)}`;
  // RFC 3261 §12.2.1.1: no tag at all for the peer of RFC 2543 that gave none.
  const toTag = dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`;
  return `|sip||${hop}\r\nNOTIFY ${requestUri(dialog.remoteTarget, dialog.routeSet)} SIP/2.0\r\nFrom: ${dialog.localUri};tag=${dialog.localTag}\r\nTo: ${dialog.remoteUri}${toTag}\r\nCall-ID: ${dialog.callId}\r\n${sharedFields(record)}`;
}

/** A NOTIFY behind its head. In a dialog the CSeq is only a wish: drachtio-server numbers there itself. */
export function notifyText(head: ByteString, notify: Notify, cseq: number): ByteString {
  const { body, contentType, headers } = notify;
  const type = contentType === '' ? '' : `Content-Type: ${contentType}\r\n`;
  const others = headers.length === 0 ? '' : otherFields(headers);
  return `${head}CSeq: ${cseq} NOTIFY\r\nSubscription-State: ${notify.subscriptionState}\r\n${others}${type}\r\n${body}`;
}

/** The octets of the start line of such a text. */
export function startLineOctets(text: ByteString): number {
  const start = text.indexOf('\r\n') + 2;
  return text.indexOf('\r\n', start) - start;
}

/** An OPTIONS to the phone's flow, outside every dialog (RFC 3261 §11.1): drachtio-server makes the Call-ID. */
export function optionsText({ dialog, flow }: SubscriptionRecord, tag: string): ByteString {
  return `|sip|||${flowUri(flow)}\r\nOPTIONS ${requestUri(dialog.remoteTarget, [])} SIP/2.0\r\nFrom: ${dialog.localUri};tag=${tag}\r\nTo: ${dialog.remoteUri}\r\nContact: <${dialog.localTarget}>\r\n\r\n`;
}

/** A BYE in a dialog. */
export function byeText(dialogId: ByteString): ByteString {
  return `|sip||${dialogId}\r\nBYE ${DUMMY_URI} SIP/2.0\r\n\r\n`;
}

/**
 * The in-dialog NOTIFY that makes drachtio-server forget a dialog: any final response to a `terminated` one does.
 * With a Call-ID of no dialog the phone answers 481 and changes nothing.
 */
export function silentEndText(dialogId: ByteString, callId: string): ByteString {
  return `|sip||${dialogId}\r\nNOTIFY ${DUMMY_URI} SIP/2.0\r\nCall-ID: ${callId}\r\nEvent: dialog\r\nSubscription-State: terminated;reason=noresource\r\n\r\n`;
}

function sharedFields({ package: name, eventId, dialog }: SubscriptionRecord): ByteString {
  const id = eventId === null ? '' : `;id=${eventId}`;
  // RFC 6665 §4.2.2: a NOTIFY has a Contact; drachtio-server adds none.
  return `Event: ${name}${id}\r\nContact: <${dialog.localTarget}>\r\n`;
}

/** The header fields that most NOTIFYs do not have. */
function otherFields(headers: readonly ByteString[]): ByteString {
  let text = '';
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return text;
}

/** `sip:192.0.2.1:5060;transport=tcp`: makes drachtio-server use the connection it has with that address. */
function flowUri({ transport, remoteAddress, remotePort }: Flow): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `sip:${formatHostPort({ host, port: remotePort })};transport=${transport}`;
}
