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
export function putOff(state: NotifierState, { message }: IncomingRequest): Answer | null {
  const { load } = state;
  const { method } = message;
  if (method !== 'SUBSCRIBE' && (method !== 'PUBLISH' || load.level === 'calm')) return null;
  load.look();
  if (load.level === 'calm') return null;
  const kind = kindOf(message);
  if (kind === null) return null;
  const leftMs = kind === 'refresh' ? leftOf(state, message) : null;
  if (!putsOff(load.level, load.strain, { kind, leftMs })) return null;
  state.parts.meter.putOff(kind);
  // Nothing is kept of it, as of what is unproven (RFC 3261 §8.2.7): a storm must not fill the memory either.
  return { status: 503, headers: retryAfter(load.level, state.parts.random), unproven: true };
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
