import { isBlank } from '../presence/board.ts';
import { MULTIPART_RELATED } from '../presence/package/multipart-related.ts';
import { RLMI } from '../presence/package/rlmi.ts';
import type { Resource } from '../presence/resource.ts';
import { acceptable } from '../sip/acceptable.ts';
import { refusal } from '../sip/refusal.ts';
import type { SubscribeFields } from '../sip/subscribe.ts';
import { REQUIRE_EVENTLIST } from './list-slot.ts';
import type { NotifierState } from './state.ts';
import type { Judgement, Terms } from './terms.ts';

/** The option tag of RFC 4662 §4.1. */
const EVENTLIST = 'eventlist';

/** Event packages that lists can be watched with. */
const LISTED = new Set(['dialog', 'presence']);

/**
 * The terms of a new subscription, now that it is known what it is about. A resource that is a list is watched as one
 * by a phone that supports lists. Another phone is refused with 421 (RFC 4662 §4.1), unless somebody has set a lamp
 * of that ID: that one it gets.
 */
export async function judgeList(
  state: NotifierState,
  resource: Resource,
  { fields, terms }: { readonly fields: SubscribeFields; readonly terms: Terms },
): Promise<Judgement> {
  if (!LISTED.has(terms.eventPackage.name)) return terms;
  const supported = fields.supported.includes(EVENTLIST);
  const found = await state.lists.find(resource);
  // What was read a moment ago may be too old for a phone that was just told of its new list.
  const isList = found !== null || (supported && (await state.lists.findNow(resource)) !== null);
  if (!isList) return judgeLamp(fields, terms);
  if (supported) return judgeBody(fields, terms);
  const board = await state.parts.store.boards.get(resource);
  if (board !== null && !isBlank(board)) return judgeLamp(fields, terms);
  return { kind: 'refused', refusal: refusal(421, REQUIRE_EVENTLIST) };
}

function judgeLamp(fields: SubscribeFields, terms: Terms): Judgement {
  const { contentTypes } = terms.eventPackage;
  if (acceptable(fields.accept, contentTypes) !== null) return terms;
  return { kind: 'refused', refusal: refusal(406, ['accept', contentTypes.join(', ')]) };
}

/**
 * RFC 4662 §4.3: Accept has multipart/related, application/rlmi+xml and the package's own type. Phones leave one or
 * the other out, and whoever supports lists can read all three (§4.1): the first is enough, or no Accept at all.
 */
function judgeBody(fields: SubscribeFields, terms: Terms): Judgement {
  if (acceptsLists(fields)) return { ...terms, contentType: MULTIPART_RELATED };
  const types = [MULTIPART_RELATED, RLMI, ...terms.eventPackage.contentTypes];
  return { kind: 'refused', refusal: refusal(406, ['accept', types.join(', ')]) };
}

/** True when the phone can be sent the body of a list. */
export function acceptsLists({ accept }: SubscribeFields): boolean {
  return acceptable(accept, [MULTIPART_RELATED]) !== null;
}
