import { type Cseq, parseCseq } from './cseq.ts';
import { type EventValue, parseEvent } from './event.ts';
import { listOf, splitList } from './list.ts';
import { type MediaRange, parseMediaRange } from './media-type.ts';
import { type ByteString, headerOf, headersOf, type SipRequest } from './message.ts';
import { type NameAddr, parseNameAddr } from './name-addr.ts';
import { paramOf } from './params.ts';
import { badRequest, type Refusal } from './refusal.ts';
import { remembered } from './remembered.ts';
import { type Target, targetOf } from './target.ts';
import { parseDecimal } from './token.ts';

/** A SUBSCRIBE as values (RFC 6665 §3.1). */
export interface SubscribeFields {
  /** RFC 6665 §8.2.1: exactly one Event; `missing` and `repeated` are 489. */
  readonly event: EventValue | 'missing' | 'repeated';
  /** Seconds; null when the phone leaves it to the package. At most 2^32-1. */
  readonly expires: number | null;
  /** Null when there is no Accept: then the package's default type. */
  readonly accept: readonly MediaRange[] | null;
  /** Option tags, lower case. */
  readonly supported: readonly string[];
  /** Its URI is the remote target. */
  readonly contact: NameAddr;
  readonly from: NameAddr;
  /** Empty when From has none (RFC 2543 phones). */
  readonly fromTag: ByteString;
  readonly to: NameAddr;
  /** Null outside a dialog. */
  readonly toTag: ByteString | null;
  readonly callId: ByteString;
  readonly cseq: Cseq;
  /** One address each, in received order: the route set of our NOTIFYs (RFC 3261 §12.1.1). */
  readonly recordRoute: readonly ByteString[];
  readonly userAgent: ByteString;
  /** RFC 5839 §5.4: the entity-tag that the phone has, or `*`; null when the NOTIFY is wanted in any case. */
  readonly suppressIfMatch: ByteString | null;
  /** What the phone wants to watch; null when neither Request-URI nor To has a user part. */
  readonly target: Target | null;
}

export type SubscribeReading =
  | { readonly kind: 'read'; readonly fields: SubscribeFields }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Seconds: the largest delta-seconds (RFC 3261 §20.19); more means as much. */
const LARGEST_EXPIRES = 2 ** 32 - 1;

/**
 * Reads a SUBSCRIBE that `inspectRequest` has let through. Refused with 400 when Event or Expires is malformed, or a
 * header field that `inspectRequest` would have refused.
 */
export function readSubscribe(request: SipRequest): SubscribeReading {
  const event = readEvent(request);
  const expires = readExpires(request);
  const dialog = readDialog(request);
  if (event === 'malformed') return refused('Event');
  if (expires === 'malformed') return refused('Expires');
  if (typeof dialog === 'string') return refused(dialog);
  const fields = {
    event,
    expires,
    accept: readAccept(request),
    ...dialog,
    supported: listOf(request, 'supported').map((option) => option.toLowerCase()),
    recordRoute: listOf(request, 'record-route'),
    userAgent: headerOf(request, 'user-agent') ?? '',
    suppressIfMatch: headerOf(request, 'suppress-if-match'),
    target: targetOf(request, dialog.to),
  };
  return { kind: 'read', fields };
}

function refused(name: string): SubscribeReading {
  return { kind: 'refused', refusal: badRequest(`Malformed ${name} Header Field`) };
}

/** The value of Event, or what is wrong with it. */
export function readEvent(request: SipRequest): SubscribeFields['event'] | 'malformed' {
  const [value, ...more] = headersOf(request, 'event');
  if (value === undefined) return 'missing';
  return more.length > 0 ? 'repeated' : (parseEvent(value) ?? 'malformed');
}

/** Seconds of Expires, at most 2^32-1; null when there is none. */
export function readExpires(request: SipRequest): number | null | 'malformed' {
  const [value, ...more] = headersOf(request, 'expires');
  if (value === undefined) return null;
  const seconds = more.length > 0 ? null : parseDecimal(value, 15);
  return seconds === null ? 'malformed' : Math.min(seconds, LARGEST_EXPIRES);
}

/** RFC 3261 §8.2.2: what is malformed and not needed is ignored. An empty Accept accepts nothing (§20.1). */
function readAccept(request: SipRequest): readonly MediaRange[] | null {
  if (headerOf(request, 'accept') === null) return null;
  return rangesOf(headersOf(request, 'accept').join(','));
}

/** Phones of one model ask for the same. */
const rangesOf = remembered((text): readonly MediaRange[] | null => {
  const elements = splitList(text);
  const ranges = elements.map(parseMediaRange).filter((range) => range !== null);
  return ranges.length === 0 && elements.length > 0 ? null : ranges;
}, 8);

type DialogFields = Pick<
  SubscribeFields,
  'contact' | 'from' | 'fromTag' | 'to' | 'toTag' | 'callId' | 'cseq'
>;

/** The parts that make the dialog, or the name of the header field that cannot be read. */
function readDialog(request: SipRequest): DialogFields | string {
  const contact = parseNameAddr(listOf(request, 'contact')[0] ?? '');
  const from = parseNameAddr(headerOf(request, 'from') ?? '');
  const to = parseNameAddr(headerOf(request, 'to') ?? '');
  const cseq = parseCseq(headerOf(request, 'cseq') ?? '');
  const callId = headerOf(request, 'call-id');
  if (contact === null) return 'Contact';
  if (from === null) return 'From';
  if (to === null) return 'To';
  if (cseq === null) return 'CSeq';
  if (callId === null) return 'Call-ID';
  const fromTag = paramOf(from.params, 'tag') ?? '';
  const toTag = paramOf(to.params, 'tag') ?? null;
  return { contact, from, fromTag, to, toTag, callId, cseq };
}
