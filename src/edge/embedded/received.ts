import type { Flow, Transport } from '../../ports/edge.ts';
import { splitList } from '../../sip/list.ts';
import {
  type ByteString,
  type Headers,
  headerOf,
  headersOf,
  type SipMessage,
  type SipRequest,
} from '../../sip/message.ts';
import { formatVia, parseVia, type Via } from '../../sip/via.ts';
import { addressOfHost, isPrivateAddress } from './address.ts';

/** The top Via of a message, or null when there is none that can be read. */
export function topVia(message: SipMessage): Via | null {
  return parseVia(splitList(headerOf(message, 'via') ?? '')[0] ?? '');
}

/**
 * The top Via of a request as far as an answer needs it: if it is malformed behind its sent-by, or of another version of
 * SIP, the rest is enough to refuse by (RFC 4475 §3.1.2.1, §3.1.2.16). Null when there is none.
 */
export function usableVia(request: SipRequest): Via | null {
  return topVia(request) ?? salvageVia(splitList(headerOf(request, 'via') ?? '')[0] ?? '');
}

function salvageVia(text: ByteString): Via | null {
  const ours = text.replace(/^SIP\/[0-9]{1,3}\.[0-9]{1,3}\//i, 'SIP/2.0/');
  const whole = parseVia(ours);
  const sentBy = whole === null ? parseVia(ours.split(';')[0] ?? '') : null;
  // What it may have asked for cannot be read: the answer goes where the request came from.
  return sentBy === null ? whole : { ...sentBy, rport: null };
}

/**
 * The Via lines of a response (RFC 3261 §8.2.6.2): those of the request, with the topmost, `via`, as a server must leave
 * it: `received` when sent-by is not the source address (§18.2.1), and with `rport` always both (RFC 3581 §4). What the
 * client wrote there itself is dropped.
 */
export function returnedVias(request: SipRequest, via: Via, flow: Flow): Headers {
  const asked = via.rport !== undefined;
  const differs = addressOfHost(via.host) !== flow.remoteAddress;
  const received = asked || differs ? flow.remoteAddress : null;
  const rport = asked ? flow.remotePort : undefined;
  const [first = '', ...more] = headersOf(request, 'via');
  const top = formatVia({ ...via, received, rport });
  const lines = ['via', first.includes(',') ? [top, ...splitList(first).slice(1)].join(', ') : top];
  for (const line of more) lines.push('via', line);
  return lines;
}

/** The port that sent-by names. One of 0 asks for nothing that could be done. */
export function sentByPort(via: Via, transport: Transport): number {
  return via.port || (transport === 'tls' ? 5061 : 5060);
}

/**
 * The port that a response to a datagram goes to, at the address it came from: the source port if rport asks for it
 * (RFC 3581 §4), else that of sent-by (RFC 3261 §18.2.2). A private sent-by in what comes from a public address was
 * written behind a NAT, where its port means nothing: then the source port is taken unasked.
 */
export function responsePort(via: Via, flow: Flow): number {
  return via.rport !== undefined || isBehindNat(via, flow) ? flow.remotePort : sentByPort(via, 'udp');
}

function isBehindNat(via: Via, flow: Flow): boolean {
  const sentBy = addressOfHost(via.host);
  return sentBy !== null && isPrivateAddress(sentBy) && !isPrivateAddress(flow.remoteAddress);
}
