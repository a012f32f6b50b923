import { listOf } from './list.ts';
import type { SipRequest } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import type { Refusal } from './refusal.ts';
import { schemeOf } from './uri.ts';

/** Transports that are TLS, or run over it. */
const SECURE: readonly string[] = ['tls', 'wss'];

/** A SIPS URI must have come over TLS (RFC 3261 §26.2.2): elsewhere its scheme is refused with 416 (§8.2.2.1). */
export function inspectSips(request: SipRequest, transport: string): Refusal | null {
  if (schemeOf(request.uri) !== 'sips' || SECURE.includes(transport)) return null;
  return { status: 416, reason: 'SIPS Needs TLS', headers: [] };
}

/**
 * Whether our Contact in the dialog that `request` forms must be a SIPS URI (RFC 3261 §12.1.1): the Request-URI is
 * one, or the top Record-Route, or without that the Contact.
 */
export function wantsSips(request: SipRequest): boolean {
  const [next = ''] = [...listOf(request, 'record-route'), ...listOf(request, 'contact')];
  return schemeOf(request.uri) === 'sips' || schemeOf(parseNameAddr(next)?.uri ?? '') === 'sips';
}
