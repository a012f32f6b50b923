import type { SubscriptionRecord } from '../ports/subscriptions.ts';

/** What is the same in every NOTIFY: start line, Via, names and fixed values of header fields, Content-Type of a list. */
const FIXED_OCTETS = 430;

/** About how many octets a NOTIFY of this subscription has before its body; rather too many than too few. */
export function headOctets({ dialog, eventId }: SubscriptionRecord): number {
  const { callId, localTag, remoteTag, localUri, remoteUri, localTarget, remoteTarget, routeSet } = dialog;
  const texts = [callId, localTag, localTag, remoteTag, localUri, remoteUri, localTarget, remoteTarget];
  const values = [...texts, eventId ?? ''].reduce((octets, text) => octets + text.length, 0);
  return FIXED_OCTETS + values + routeSet.reduce((octets, route) => octets + route.length + 9, 0);
}
