import type { Flow, ListenPoint } from '../../ports/edge.ts';
import { type ByteString, headerOf, type SipRequest } from '../../sip/message.ts';
import { parseNameAddr } from '../../sip/name-addr.ts';
import { paramOf } from '../../sip/params.ts';
import { parseMessage } from '../../sip/parse.ts';
import { badRequest, type Refusal } from '../../sip/refusal.ts';
import type { Heard } from './heard.ts';
import { incomingFlow } from './incoming-flow.ts';
import { dialogIdOf } from './stack-dialog.ts';

/** A request from drachtio-server as values. */
export interface Arrival {
  readonly message: SipRequest;
  readonly flow: Flow;
  /** The length of the request on the wire. */
  readonly octets: number;
  /** The name that drachtio-server gives to its dialog, also when there is none yet. */
  readonly dialogId: string;
  /** Null outside a dialog, as the phone sees it. */
  readonly toTag: ByteString | null;
  /** drachtio-server knows a dialog with this Call-ID and From tag. */
  readonly known: boolean;
  /** The URI of its Contact; empty when there is none. */
  readonly target: ByteString;
  /** Why it cannot be worked with, or null. */
  readonly fault: Refusal | null;
}

/** Reads what drachtio-server handed over. Null when nothing of it can be read. */
export function readArrival(heard: Heard, points: readonly ListenPoint[]): Arrival | null {
  const read = parseMessage(heard.text);
  const message = read.kind === 'fault' ? read.request : read.message;
  if (message?.kind !== 'request') return null;
  const to = headerOf(message, 'to') ?? '';
  const toTag = tagOf(to);
  const fault = read.kind === 'fault' ? { status: read.status, reason: read.reason, headers: [] } : null;
  const callId = headerOf(message, 'call-id') ?? '';
  const remoteTag = tagOf(headerOf(message, 'from') ?? '') ?? '';
  return {
    message,
    flow: incomingFlow(heard, message, points),
    octets: heard.text.length,
    dialogId: dialogIdOf(callId, remoteTag),
    toTag,
    known: heard.dialogId !== '',
    target: targetOf(message),
    fault: fault ?? (toTag === null && to.includes('tag=') ? AMBIGUOUS_TO : null),
  };
}

/** drachtio-srf and drachtio-server look for the letters `tag=` anywhere in To, so that ours would not be sent. */
const AMBIGUOUS_TO = badRequest('Malformed To Header Field');

function tagOf(address: ByteString): ByteString | null {
  const parsed = parseNameAddr(address);
  return parsed === null ? null : (paramOf(parsed.params, 'tag') ?? null);
}

function targetOf(message: SipRequest): ByteString {
  return parseNameAddr(headerOf(message, 'contact') ?? '')?.uri ?? '';
}
