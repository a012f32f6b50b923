import type { IncomingRequest } from '../ports/edge.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { ALLOW_EVENTS } from '../presence/package/event-package.ts';
import type { Identity } from '../presence/privacy.ts';
import { bucketOf, type Resource } from '../presence/resource.ts';
import type { Dialog } from '../sip/dialog.ts';
import { formatNameAddr, withoutTag } from '../sip/name-addr.ts';
import { paramOf } from '../sip/params.ts';
import { refusal } from '../sip/refusal.ts';
import type { SubscribeFields } from '../sip/subscribe.ts';
import { look, observe } from './compare.ts';
import { probeOlder } from './duplicates.ts';
import { judgeList } from './list-terms.ts';
import { openSlot } from './open-slot.ts';
import { ownFlow, ownStack, ownTexts, type SharedTexts } from './own-text.ts';
import { feed, schedule } from './perform.ts';
import { resourceOf } from './resource-of.ts';
import { forbid, respond } from './respond.ts';
import { RESERVE, type Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import type { Terms } from './terms.ts';
import { mayInform } from './watcher-info.ts';

/** One for all dialogs: hardly any has a route set. */
const NO_ROUTES: readonly string[] = [];

/** A SUBSCRIBE that was read and judged. */
export interface Wanted {
  readonly fields: SubscribeFields;
  readonly terms: Terms;
  /** Who asks. */
  readonly identity: Identity;
}

/** Forms a new subscription, or fetches the state once (RFC 6665 §4.4.3) when the duration is zero. */
export async function subscribe(
  state: NotifierState,
  request: IncomingRequest,
  wanted: Wanted,
): Promise<void> {
  const found = resourceOf(state, wanted.fields.target);
  if (found === null) return respond(state, request, refusal(404));
  const resource = state.shared(found);
  const { name } = wanted.terms.eventPackage;
  if (!state.styles.mayHave(wanted.identity, resource, name)) return forbid(state, request);
  const terms = await judgeList(state, resource, wanted);
  if (terms.kind === 'refused') return respond(state, request, terms.refusal);
  const record = newRecord(state, request, { ...wanted, terms, resource });
  if (!mayInform(state, record)) return forbid(state, request);
  const slot = await open(state, record, wanted.terms.seconds > 0);
  const { suppressIfMatch } = wanted.fields;
  if (suppressIfMatch !== null && slot.has(suppressIfMatch)) slot.omitBody();
  state.add(slot);
  answer(state, request, slot);
  schedule(state, slot);
  feed(state, slot, slot.stored ? 'demand' : 'end');
  if (slot.stored) probeOlder(state, slot);
}

/** The place of a new subscription, committed to the store; that of a fetch lives in memory only. */
async function open(state: NotifierState, record: SubscriptionRecord, stored: boolean): Promise<Slot> {
  const { boards, subscriptions } = state.parts.store;
  const slot = await openSlot(state, record, { cseq: 0, version: -1, stored });
  try {
    const board = stored ? await subscriptions.create(record) : await boards.get(record.resource);
    await observe(state, slot.watch, board);
    const [, ...members] = slot.watches;
    await look(state, members);
    return slot;
  } catch (error) {
    state.release(slot);
    // The phone is told that it has none. A record that cannot be removed now expires by itself.
    if (stored) subscriptions.remove(record).catch(() => {});
    throw error;
  }
}

function answer(state: NotifierState, request: IncomingRequest, slot: Slot): void {
  const { record } = slot;
  const seconds = slot.stored ? Math.round((record.expiresAt - record.createdAt) / 1000) : 0;
  const headers = ['expires', String(seconds), 'allow-events', ALLOW_EVENTS, ...slot.required];
  respond(state, request, { status: 200, toTag: record.id, headers });
}

function newRecord(
  state: NotifierState,
  request: IncomingRequest,
  wanted: Wanted & { readonly resource: Resource },
): SubscriptionRecord {
  const { edge, newId, options } = state.parts;
  const { fields, terms, resource } = wanted;
  const { texts } = state;
  const now = state.now();
  const [id = ''] = ownTexts([`b${bucketOf(resource)}-${options.tagMark}${newId()}`]);
  return {
    id,
    resource,
    package: terms.eventPackage.name,
    eventId: terms.eventId && texts.of(terms.eventId),
    contentType: terms.contentType,
    entity: texts.of(fields.target?.uri ?? ''),
    dialog: dialogOf(fields, texts, { localTag: id, localTarget: texts.of(edge.contactFor(request)) }),
    flow: ownFlow(request.flow, texts),
    stack: ownStack(edge.stackFor(request, null), texts),
    userAgent: texts.of(fields.userAgent.slice(0, 200)),
    instance: instanceOf(fields, texts),
    identity: wanted.identity && texts.of(wanted.identity),
    rates: terms.rates,
    createdAt: now,
    expiresAt: now + terms.seconds * 1000,
    acked: null,
    cseqCeiling: RESERVE,
    versionCeiling: RESERVE,
    owner: options.nodeId,
    epoch: 1,
  };
}

function instanceOf({ contact }: SubscribeFields, texts: SharedTexts): string | null {
  const instance = paramOf(contact.params, '+sip.instance');
  return instance ? texts.of(instance) : (instance ?? null);
}

function dialogOf(
  fields: SubscribeFields,
  texts: SharedTexts,
  local: Pick<Dialog, 'localTag' | 'localTarget'>,
): Dialog {
  const remote = formatNameAddr(withoutTag(fields.from));
  const [callId = '', remoteTag = '', remoteUri = '', remoteTarget = ''] = ownTexts([
    fields.callId,
    fields.fromTag,
    remote,
    fields.contact.uri,
  ]);
  const { recordRoute } = fields;
  // Not `...local`: V8 would keep what follows it in an array besides the object, 32 octets more for each subscription.
  return {
    callId,
    localTag: local.localTag,
    remoteTag,
    localUri: texts.of(formatNameAddr(withoutTag(fields.to))),
    remoteUri,
    localTarget: local.localTarget,
    remoteTarget,
    routeSet: recordRoute.length === 0 ? NO_ROUTES : recordRoute.map((route) => texts.of(route)),
    remoteCseq: fields.cseq.number,
  };
}
