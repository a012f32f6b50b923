import { parseCseq } from '../../sip/cseq.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import type { Via } from '../../sip/via.ts';
import { MAGIC_COOKIE } from './client-transactions.ts';

/**
 * What a retransmission shares with its request, but for the method (RFC 3261 §17.2.3): branch and sent-by, or,
 * from an RFC 2543 client or with nothing behind the cookie (RFC 4475 §3.2.1), Request-URI, both tags, Call-ID, CSeq and the top Via. `toTag` is '' for what belongs to
 * an INVITE: the ACK to a refusal has a tag there that its INVITE has not.
 */
export function transactionKey(message: SipRequest, via: Via, toTag?: string): string {
  const { branch, host, port } = via;
  if (branch?.startsWith(MAGIC_COOKIE) && branch !== MAGIC_COOKIE) return flat(branch, host, port);
  const cseq = parseCseq(headerOf(message, 'cseq') ?? '');
  const callId = headerOf(message, 'call-id');
  const [from, to] = [tagOf(message, 'from'), toTag ?? tagOf(message, 'to')];
  return flat(message.uri, from, to, callId, cseq?.number, branch, host, port);
}

/**
 * What makes two requests the same one that has come twice (RFC 3261 §8.2.2.2): From tag, Call-ID and CSeq; null
 * for one inside a dialog or without a From tag, and for CANCEL.
 */
export function originKey(message: SipRequest): string | null {
  const fromTag = tagOf(message, 'from');
  if (fromTag === '' || message.method === 'CANCEL' || tagOf(message, 'to') !== '') return null;
  return flat(fromTag, headerOf(message, 'call-id'), headerOf(message, 'cseq'));
}

/** The tag of From or To; '' without one. */
export function tagOf(message: SipRequest, name: 'from' | 'to'): ByteString {
  return paramOf(parseNameAddr(headerOf(message, name) ?? '')?.params ?? [], 'tag') ?? '';
}

/**
 * Joined, not concatenated: a template string stays a tree of its parts, slices of the datagram, which it would keep alive
 * for the 32 s of the transaction, 0.5 kB each.
 */
function flat(...parts: readonly (string | number | null | undefined)[]): string {
  return parts.join(' ');
}
