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
import { detach } from './detach.ts';
import { probeOlder } from './duplicates.ts';
import { judgeList } from './list-terms.ts';
import { openSlot } from './open-slot.ts';
import { feed, schedule } from './perform.ts';
import { resourceOf } from './resource-of.ts';
import { forbid, respond } from './respond.ts';
import { RESERVE, type Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import type { Terms } from './terms.ts';
import { mayInform } from './watcher-info.ts';

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
  const resource = resourceOf(state, wanted.fields.target);
  if (resource === null) return respond(state, request, refusal(404));
  const { name } = wanted.terms.eventPackage;
  if (!state.styles.mayHave(wanted.identity, resource, name)) return forbid(state, request);
  const terms = await judgeList(state, resource, wanted);
  if (terms.kind === 'refused') return respond(state, request, terms.refusal);
  const record = detach(newRecord(state, request, { ...wanted, terms, resource }));
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
  const now = state.now();
  const id = `b${bucketOf(resource)}-${options.tagMark}${newId()}`;
  return {
    id,
    resource,
    package: terms.eventPackage.name,
    eventId: terms.eventId,
    contentType: terms.contentType,
    entity: fields.target?.uri ?? '',
    dialog: dialogOf(fields, { localTag: id, localTarget: edge.contactFor(request) }),
    flow: request.flow,
    stack: edge.stackFor(request, null),
    userAgent: fields.userAgent.slice(0, 200),
    instance: paramOf(fields.contact.params, '+sip.instance') ?? null,
    identity: wanted.identity,
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

function dialogOf(fields: SubscribeFields, local: Pick<Dialog, 'localTag' | 'localTarget'>): Dialog {
  return {
    ...local,
    callId: fields.callId,
    remoteTag: fields.fromTag,
    localUri: formatNameAddr(withoutTag(fields.to)),
    remoteUri: formatNameAddr(withoutTag(fields.from)),
    remoteTarget: fields.contact.uri,
    routeSet: fields.recordRoute,
    remoteCseq: fields.cseq.number,
  };
}
