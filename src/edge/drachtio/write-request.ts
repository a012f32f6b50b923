import { messageOctets } from './message-size.ts';
import type { ServerLink } from './server-link.ts';
import type { SrfOutgoing, SrfSent } from './srf.ts';

/** What became of a request: refused by drachtio-server, or as it was sent. */
export type Written = (error: { readonly code?: string } | null, sent: SrfSent) => void;

/** `srf.request` with its traps taken out: it throws, calls back during the call, or leaves a callback out. */
export function writeRequest(link: ServerLink, request: SrfOutgoing, written: Written): void {
  try {
    // drachtio-srf writes into what it is given.
    link.srf.request({ ...request, headers: { ...request.headers } }, (error, sent) => {
      written(error, sent);
      link.received();
    });
  } catch {
    // There is no connection any more: its loss is told by itself, and ends what was in flight.
    link.received();
  }
}

/** The most octets that a request takes on the way to drachtio-server. */
export function octetsOf(request: SrfOutgoing): number {
  const meta = `${request.stackDialogId ?? ''}${request.proxy ?? ''}`;
  return messageOctets(meta + startLineOf(request), request.headers, request.body);
}

export function startLineOf({ method, uri }: SrfOutgoing): string {
  return `${method} ${uri} SIP/2.0`;
}
