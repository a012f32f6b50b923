import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { type Deferrable, putsOff } from '../presence/overload.ts';
import { headerOf, type SipRequest } from '../sip/message.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { paramOf } from '../sip/params.ts';
import { retryAfter } from '../sip/retry-after.ts';
import type { NotifierState } from './state.ts';

/**
 * The 503 for a request that has to wait because of too much load; null when it is served. What changes lamps is never
 * put off (calls, publications that go on), nor what makes the load less (the end of a subscription).
 */
export function putOff(state: NotifierState, request: IncomingRequest): Answer | null {
  const { load, refusals } = state;
  const { message } = request;
  if (message.method !== 'SUBSCRIBE' && message.method !== 'PUBLISH') return null;
  load.look();
  if (load.level === 'calm' && refusals.empty) return null;
  const key = copyKey(request);
  const now = state.parts.steady();
  const isCopy = key !== null && refusals.has(key, now);
  if (!isCopy) {
    const kind = kindOf(message);
    if (kind === null || !isTooMuch(state, message, kind)) return null;
    state.parts.meter.putOff(kind);
    if (key !== null) refusals.add(key, now);
  }
  // Nothing more is kept of it, as of what is unproven (RFC 3261 §8.2.7): a storm must not fill the memory either.
  const why = load.level === 'full' ? 'full' : 'busy';
  return { status: 503, headers: retryAfter(why, state.parts.random), unproven: true };
}

function isTooMuch(state: NotifierState, message: SipRequest, kind: Deferrable): boolean {
  const { level, strain } = state.load;
  const leftMs = kind === 'refresh' ? leftOf(state, message) : null;
  return putsOff(level, strain, { kind, leftMs });
}

/** What only copies of a datagram share: the branch in Via (RFC 3261 §17.2.3); null on streams, which have no copies. */
function copyKey({ message, flow }: IncomingRequest): string | null {
  if (flow.transport !== 'udp') return null;
  return ['via', 'call-id', 'cseq'].map((name) => headerOf(message, name)).join('\n');
}

/** True for a SUBSCRIBE inside a dialog. */
export function isInDialog(message: SipRequest): boolean {
  return toTagOf(message) !== null;
}

function kindOf(message: SipRequest): Deferrable | null {
  if (message.method === 'PUBLISH') return headerOf(message, 'sip-if-match') === null ? 'publish' : null;
  if (!isInDialog(message)) return 'subscribe';
  return Number(headerOf(message, 'expires') ?? 1) === 0 ? null : 'refresh';
}

/** ms that the subscription has left, if this node has it. */
function leftOf(state: NotifierState, message: SipRequest): number | null {
  const slot = state.slots.get(toTagOf(message) ?? '');
  return slot === undefined ? null : slot.record.expiresAt - state.now();
}

function toTagOf(message: SipRequest): string | null {
  const to = parseNameAddr(headerOf(message, 'to') ?? '');
  return to === null ? null : (paramOf(to.params, 'tag') ?? null);
}
