import type { EventValue } from './event.ts';
import { listOf } from './list.ts';
import { parseMediaType } from './media-type.ts';
import { type ByteString, headerOf, type SipRequest } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import { badRequest, type Refusal } from './refusal.ts';
import { readEvent, readExpires } from './subscribe.ts';
import { type Target, targetOf } from './target.ts';

/** A PUBLISH as values (RFC 3903 §4). */
export interface PublishFields {
  readonly event: EventValue | 'missing' | 'repeated';
  /** Seconds; null when the phone leaves it to us. At most 2^32-1. */
  readonly expires: number | null;
  /** The entity-tag of the publication that it is about; null for a new one. */
  readonly ifMatch: ByteString | null;
  /** Lower case, without parameters; null when there is none that can be read. */
  readonly contentType: string | null;
  readonly body: ByteString;
  /** Whose event state it is; null when neither Request-URI nor To has a user part. */
  readonly target: Target | null;
}

export type PublishReading =
  | { readonly kind: 'read'; readonly fields: PublishFields }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Reads a PUBLISH that `inspectRequest` has let through. Refused with 400 when Event, Expires or SIP-If-Match is
 * malformed, or when there is more than one entity-tag (RFC 3903 §6 step 3).
 */
export function readPublish(request: SipRequest): PublishReading {
  const event = readEvent(request);
  const expires = readExpires(request);
  const tags = listOf(request, 'sip-if-match');
  const to = parseNameAddr(headerOf(request, 'to') ?? '');
  if (event === 'malformed') return refused('Malformed Event');
  if (expires === 'malformed') return refused('Malformed Expires');
  if (to === null) return refused('Malformed To');
  if (tags.length > 1) return refused('Repeated SIP-If-Match');
  if (tags.length === 0 && headerOf(request, 'sip-if-match') !== null)
    return refused('Malformed SIP-If-Match');
  const fields = {
    event,
    expires,
    ifMatch: tags[0] ?? null,
    contentType: parseMediaType(headerOf(request, 'content-type') ?? ''),
    body: request.body,
    target: targetOf(request, to),
  };
  return { kind: 'read', fields };
}

function refused(what: string): PublishReading {
  return { kind: 'refused', refusal: badRequest(`${what} Header Field`) };
}
