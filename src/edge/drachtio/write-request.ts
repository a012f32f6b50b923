import { messageOctets } from './message-size.ts';
import type { ServerLink } from './server-link.ts';
import type { SrfOutgoing, SrfSent } from './srf.ts';

/** What becomes of a request: an error of drachtio-server, or the request as it went out. */
export type Written = (error: { readonly code?: string } | null, sent: SrfSent) => void;

/** `srf.request` with its traps taken out: it throws, calls back during the call, or leaves a callback out. */
export function writeRequest(link: ServerLink, request: SrfOutgoing, written: Written): void {
  try {
    link.srf.request({ ...request, headers: { ...request.headers } }, (error, sent) => {
      written(error, sent);
      link.received();
    });
  } catch {
    // There is no connection any more; `lost` follows and settles what was in flight.
    link.received();
  }
}

/** How many octets a request takes on the way to drachtio-server. */
export function octetsOf(request: SrfOutgoing): number {
  const meta = `${request.stackDialogId ?? ''}${request.proxy ?? ''}`;
  return messageOctets(meta + startLineOf(request), request.headers, request.body);
}

/** The start line as drachtio-server gets it. */
export function startLineOf({ method, uri }: SrfOutgoing): string {
  return `${method} ${uri} SIP/2.0`;
}
