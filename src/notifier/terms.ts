import { ALLOW_EVENTS, type EventPackage, findPackage } from '../presence/package/event-package.ts';
import { grantRates, type NotifyRates } from '../presence/rates.ts';
import { type ExpiresLimits, grantExpires, spreadExpires } from '../presence/subscription.ts';
import { acceptable } from '../sip/acceptable.ts';
import { readRates } from '../sip/rate-params.ts';
import { type Refusal, refusal } from '../sip/refusal.ts';
import type { SubscribeFields } from '../sip/subscribe.ts';
import { acceptsLists } from './list-terms.ts';

/** What a SUBSCRIBE gets. */
export interface Terms {
  readonly kind: 'terms';
  readonly eventPackage: EventPackage;
  readonly eventId: string | null;
  readonly contentType: string;
  /** Seconds; 0 ends the subscription, or fetches outside one. */
  readonly seconds: number;
  /** Rates that were asked for and are kept (RFC 6446); null for none. */
  readonly rates: NotifyRates | null;
}

export type Judgement = Terms | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What the durations of subscriptions are decided by. */
export interface Durations {
  readonly limits: ExpiresLimits;
  /** The largest part of a duration that is taken off at random. */
  readonly jitter: number;
  random(): number;
}

/** Judges what a SUBSCRIBE asks for, whoever it is about: event package, body type, duration. */
export function judgeTerms(fields: SubscribeFields, { limits, jitter, random }: Durations): Judgement {
  const { event } = fields;
  const eventPackage = typeof event === 'string' ? null : findPackage(event.package);
  // RFC 6665 §8.2.1 and §4.2.1.1: no Event, two of them, or one that we do not know.
  if (eventPackage === null || typeof event === 'string') return refuse(489, ['allow-events', ALLOW_EVENTS]);
  const { contentTypes } = eventPackage;
  // Whether it is about a list is not known here: `judgeList` has the last word on the body type.
  const fallback = acceptsLists(fields) ? (contentTypes[0] ?? null) : null;
  const contentType = acceptable(fields.accept, contentTypes) ?? fallback;
  if (contentType === null) return refuse(406, ['accept', contentTypes.join(', ')]);
  const grant = grantExpires(fields.expires, limits);
  if (grant.kind === 'too-brief') return refuse(423, ['min-expires', String(grant.min)]);
  const seconds = spreadExpires(grant.seconds, { jitter, min: limits.min, random });
  const rates = grantRates(readRates(event.params), seconds);
  return { kind: 'terms', eventPackage, eventId: event.id, contentType, seconds, rates };
}

function refuse(status: number, headers: readonly string[]): Judgement {
  return { kind: 'refused', refusal: refusal(status, headers) };
}
