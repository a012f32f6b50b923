import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { parseUri } from '../sip/uri.ts';

/**
 * Whether a phone on UDP is behind NAT: its Contact names another host than the address it is heard from. Never for one
 * behind proxies, which see to the way themselves. A host that is a name counts as behind NAT: it costs a keep-alive.
 */
export function isBehindNat({ flow, dialog }: Pick<SubscriptionRecord, 'flow' | 'dialog'>): boolean {
  if (flow.transport !== 'udp' || dialog.routeSet.length > 0) return false;
  const host = parseUri(dialog.remoteTarget)?.host.toLowerCase();
  return host !== flow.remoteAddress && host !== `[${flow.remoteAddress}]`;
}
