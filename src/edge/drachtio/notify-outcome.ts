import type { NotifyResult } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import { parseRetryAfter } from '../../sip/retry-after.ts';
import { isLocal, retryAfterOf, statusOf } from './server-message.ts';

export const UNREACHABLE: NotifyResult = { kind: 'unreachable' };
export const AWAY: NotifyResult = { kind: 'away' };
export const TIMEOUT: NotifyResult = { kind: 'timeout' };

/** RFC 3261 §21.5.7 Message Too Large: how a NOTIFY ends that drachtio-server cannot carry. */
export const TOO_LARGE: NotifyResult = { kind: 'answered', status: 513, retryAfter: null };

/** How nearly every NOTIFY ends. */
const OK: NotifyResult = { kind: 'answered', status: 200, retryAfter: null };

/**
 * How a NOTIFY ended by this message with its final response. drachtio-server makes some itself: 408 when Timer F fired,
 * 410 when the connection is closed, 503 when no way there can be found.
 */
export function notifyOutcome(response: ByteString): NotifyResult {
  const status = statusOf(response);
  if (status === 200) return OK;
  if (isLocal(response)) return status === 408 ? TIMEOUT : UNREACHABLE;
  return { kind: 'answered', status, retryAfter: parseRetryAfter(retryAfterOf(response)) };
}
