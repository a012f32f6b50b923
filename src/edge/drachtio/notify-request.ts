import type { Flow, Notify } from '../../ports/edge.ts';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { formatHostPort } from '../../sip/host.ts';
import { fromUtf8 } from '../../sip/utf8.ts';
import { requestUri } from './request-uri.ts';
import type { SrfHeaders, SrfOutgoing } from './srf.ts';

/**
 * The Request-URI of what is sent in a dialog: drachtio-server replaces it by the Contact that formed the dialog.
 * It must not be `sip:placeholder`, nor absent: that looks the connection up by `user@host` alone, and so hands
 * one tenant's NOTIFY to another.
 */
export const DUMMY_URI = 'sip:x@dialog.invalid';

/** A NOTIFY inside the dialog `dialogId` of drachtio-server, which adds Request-URI, From, To, Call-ID, CSeq, Route. */
export function notifyInDialog(record: SubscriptionRecord, notify: Notify, dialogId: string): SrfOutgoing {
  return {
    method: 'NOTIFY',
    uri: DUMMY_URI,
    stackDialogId: fromUtf8(dialogId),
    headers: commonHeaders(record, notify),
    ...bodyOf(notify),
  };
}

/**
 * A NOTIFY outside every dialog of drachtio-server: it says everything itself. It goes to the phone's flow, or
 * along the route set where there is one (RFC 3261 §12.2.1.1).
 */
export function notifyOutOfDialog(record: SubscriptionRecord, notify: Notify, cseq: number): SrfOutgoing {
  const { dialog } = record;
  const isRouted = dialog.routeSet.length > 0;
  return {
    method: 'NOTIFY',
    uri: fromUtf8(requestUri(dialog.remoteTarget, dialog.routeSet)),
    ...(isRouted ? {} : { proxy: flowUri(record.flow) }),
    headers: {
      From: `${fromUtf8(dialog.localUri)};tag=${fromUtf8(dialog.localTag)}`,
      // RFC 3261 §12.2.1.1: no tag at all for the peer of RFC 2543 that gave none.
      To: fromUtf8(dialog.remoteUri + (dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`)),
      'Call-ID': fromUtf8(dialog.callId),
      CSeq: `${cseq} NOTIFY`,
      ...commonHeaders(record, notify),
    },
    ...bodyOf(notify),
  };
}

/** An OPTIONS to the phone's flow, outside every dialog (RFC 3261 §11.1): drachtio-server makes the Call-ID. */
export function optionsToFlow({ dialog, flow }: SubscriptionRecord, tag: string): SrfOutgoing {
  return {
    method: 'OPTIONS',
    uri: fromUtf8(requestUri(dialog.remoteTarget, [])),
    proxy: flowUri(flow),
    headers: {
      From: `${fromUtf8(dialog.localUri)};tag=${tag}`,
      To: fromUtf8(dialog.remoteUri),
      Contact: `<${fromUtf8(dialog.localTarget)}>`,
    },
  };
}

/**
 * The in-dialog NOTIFY that makes drachtio-server forget a dialog: any final response to a `terminated` one does.
 * With a Call-ID of no dialog the phone answers 481 and changes nothing.
 */
export function silentEnd(dialogId: string, callId: string): SrfOutgoing {
  return {
    method: 'NOTIFY',
    uri: DUMMY_URI,
    stackDialogId: fromUtf8(dialogId),
    headers: { 'Call-ID': callId, Event: 'dialog', 'Subscription-State': 'terminated;reason=noresource' },
  };
}

function commonHeaders(record: SubscriptionRecord, notify: Notify): SrfHeaders {
  const eventId = record.eventId === null ? '' : `;id=${fromUtf8(record.eventId)}`;
  const headers: SrfHeaders = {
    Event: record.package + eventId,
    'Subscription-State': fromUtf8(notify.subscriptionState),
    // RFC 6665 §4.2.2: a NOTIFY has a Contact; drachtio-server adds none.
    Contact: `<${fromUtf8(record.dialog.localTarget)}>`,
  };
  for (let at = 0; at < notify.headers.length; at += 2) {
    headers[notify.headers[at] ?? ''] = fromUtf8(notify.headers[at + 1] ?? '');
  }
  if (notify.contentType !== '') headers['Content-Type'] = fromUtf8(notify.contentType);
  return headers;
}

function bodyOf(notify: Notify): { body?: string } {
  return notify.body === '' ? {} : { body: fromUtf8(notify.body) };
}

/** `sip:192.0.2.1:5060;transport=tcp`: makes drachtio-server use the connection it has with that address. */
function flowUri({ transport, remoteAddress, remotePort }: Flow): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `sip:${formatHostPort({ host, port: remotePort })};transport=${transport}`;
}
