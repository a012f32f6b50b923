import type { NotifyResult } from '../../ports/edge.ts';
import { parseRetryAfter } from '../../sip/retry-after.ts';
import type { SrfResponse } from './srf.ts';

export const UNREACHABLE: NotifyResult = { kind: 'unreachable' };
export const AWAY: NotifyResult = { kind: 'away' };
export const TIMEOUT: NotifyResult = { kind: 'timeout' };

/** RFC 3261 §21.5.7 Message Too Large: how a NOTIFY ends that drachtio-server cannot carry. */
export const TOO_LARGE: NotifyResult = { kind: 'answered', status: 513, retryAfter: null };

/**
 * How a NOTIFY ended by this final response. drachtio-server makes some itself, which come from no address: 408
 * when Timer F fired, 410 when the connection is closed, 503 when no way there can be found.
 */
export function notifyOutcome(response: SrfResponse): NotifyResult {
  if (isLocal(response)) return response.status === 408 ? TIMEOUT : UNREACHABLE;
  return {
    kind: 'answered',
    status: response.status,
    retryAfter: parseRetryAfter(response.get('Retry-After') ?? ''),
  };
}

/** True for a response that drachtio-server made itself. */
export function isLocal(response: SrfResponse): boolean {
  return response.source_address === '';
}
