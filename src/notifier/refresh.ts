import { isFault } from '../errors.ts';
import type { IncomingRequest, StackDialog } from '../ports/edge.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import { type Identity, isSameWatcher } from '../presence/privacy.ts';
import { badRequest, type Refusal, refusal } from '../sip/refusal.ts';
import { JUMP } from './dispute.ts';
import { takeFrom } from './hand-over.ts';
import { moveWith } from './move.ts';
import { isSameFlow, ownFlow, ownStack, ownTexts } from './own-text.ts';
import { endSubscription, feed, schedule } from './perform.ts';
import { forbid, respond } from './respond.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import type { Wanted } from './subscribe.ts';
import { takeUpOne } from './takeover.ts';
import { yieldSlot } from './yield-slot.ts';

/** How often a record is read again that others write: each of them has taken it over, or heard the phone. */
const MOST_TRIES = 3;

/** A SUBSCRIBE inside a dialog (RFC 6665 §4.2.1.2 and §4.2.1.4): it refreshes its subscription or ends it. */
export async function refresh(state: NotifierState, request: IncomingRequest, wanted: Wanted): Promise<void> {
  const id = wanted.fields.toTag ?? '';
  const record = await recordOf(state, id);
  const refused = judgeRefresh(record, wanted, state.now());
  if (refused !== null || record === null) return respond(state, request, refused ?? refusal(481));
  if (!mayRefresh(state, record, wanted.identity)) return forbid(state, request);
  const slot = state.slots.get(id) ?? (await takeUpOne(state, record));
  if (isEnding(slot)) return respond(state, request, refusal(481));
  const before = slot.record;
  state.renew(slot, renewed(state, request, { ...wanted, record: before }));
  moveWith(state, before, slot.record);
  const { suppressIfMatch } = wanted.fields;
  // RFC 5839 §6.3: the phone has it all, so that no NOTIFY follows; the subscription goes on (or ends) all the same.
  const suppressed = suppressIfMatch !== null && slot.has(suppressIfMatch);
  const isOwn = before.owner === state.parts.options.nodeId;
  if (wanted.terms.seconds === 0 && isOwn) return end(state, request, { slot, suppressed });
  const owner = await write(state, slot, before);
  if (owner === null) {
    yieldSlot(state, slot);
    return respond(state, request, refusal(481));
  }
  takeFrom(state, slot, owner);
  if (wanted.terms.seconds === 0) return end(state, request, { slot, suppressed });
  const status = suppressed ? 204 : 200;
  respond(state, request, { status, headers: ['expires', String(wanted.terms.seconds), ...slot.required] });
  schedule(state, slot);
  if (!suppressed) feed(state, slot, 'demand');
}

/** The record of a living subscription; null for one that has ended, also while the store has not forgotten it yet. */
async function recordOf(state: NotifierState, id: string): Promise<SubscriptionRecord | null> {
  if (state.ended.has(id)) return null;
  return state.slots.get(id)?.record ?? (await state.parts.store.subscriptions.find(id));
}

function end(
  state: NotifierState,
  request: IncomingRequest,
  { slot, suppressed }: { readonly slot: Slot; readonly suppressed: boolean },
): void {
  respond(state, request, { status: suppressed ? 204 : 200, headers: ['expires', '0', ...slot.required] });
  if (suppressed) feed(state, slot, 'lost');
  else endSubscription(state, slot, 'timeout');
}

function isEnding(slot: Slot): boolean {
  return slot.pacing === 'ending' || slot.pacing === 'closing' || slot.pacing === 'closed';
}

/** Only whoever has subscribed may go on, and only with what it may still see. */
function mayRefresh(state: NotifierState, record: SubscriptionRecord, identity: Identity): boolean {
  const may = isSameWatcher(identity, record.identity);
  return may && state.styles.mayHave(identity ?? record.identity, record.resource, record.package);
}

/** Why the request is none of a subscription that we have; null when it is. */
function judgeRefresh(record: SubscriptionRecord | null, wanted: Wanted, now: number): Refusal | null {
  const { fields, terms } = wanted;
  if (record === null || record.expiresAt <= now) return refusal(481);
  const { dialog } = record;
  if (dialog.callId !== fields.callId || dialog.remoteTag !== fields.fromTag) return refusal(481);
  // RFC 3261 §12.2.2: out of order.
  if (fields.cseq.number <= dialog.remoteCseq) return { ...badRequest('CSeq Out Of Order'), status: 500 };
  // RFC 6665 §4.5.2 lets us keep dialogs to one subscription each.
  const shares = terms.eventPackage.name !== record.package || terms.eventId !== record.eventId;
  return shares ? refusal(403) : null;
}

/** The record after this request: SUBSCRIBE is a target refresh (RFC 6665 §4.4.1), and the phone may have moved. */
function renewed(
  state: NotifierState,
  request: IncomingRequest,
  wanted: Wanted & { readonly record: SubscriptionRecord },
): SubscriptionRecord {
  const { fields, terms, identity, record } = wanted;
  const { nodeId } = state.parts.options;
  const { dialog, flow } = record;
  const remoteTarget = sameOrOwn(dialog.remoteTarget, fields.contact.uri);
  return {
    ...record,
    dialog: { ...dialog, remoteTarget, remoteCseq: fields.cseq.number },
    identity: identity === null ? record.identity : state.texts.of(identity),
    flow: isSameFlow(flow, request.flow) ? flow : ownFlow(request.flow, state.texts),
    stack: stackOf(state, request, record.stack),
    owner: nodeId,
    epoch: record.owner === nodeId ? record.epoch : record.epoch + 1,
    rates: terms.rates,
    expiresAt: state.now() + terms.seconds * 1000,
  };
}

/** The dialog of a stack as it was, or with texts of its own if it is another one now. */
function stackOf(
  state: NotifierState,
  request: IncomingRequest,
  before: StackDialog | null,
): StackDialog | null {
  const stack = state.parts.edge.stackFor(request, before);
  return stack === before ? before : ownStack(stack, state.texts);
}

/** The text as it was, or with memory of its own if it is another one now. */
function sameOrOwn(before: string, text: string): string {
  return before === text ? before : (ownTexts([text])[0] ?? '');
}

/**
 * Commits the record; one of our own is kept in memory while the store is away, and written when it is back. Gives whose
 * it was until then; null: it is another node's.
 */
async function write(
  state: NotifierState,
  slot: Slot,
  { owner, epoch }: SubscriptionRecord,
): Promise<string | null> {
  const { subscriptions } = state.parts.store;
  try {
    const result = await subscriptions.update(slot.current(), epoch);
    if (result === 'gone') await subscriptions.create(slot.current());
    if (result === 'stale') return await overtake(state, slot);
  } catch (error) {
    if (!isFault(error, 'STORE_AWAY')) {
      if (state.arriving.has(slot)) yieldSlot(state, slot);
      throw error;
    }
    slot.unsaved = true;
    state.unwritten.add(slot);
  }
  return owner;
}

/** Another node wrote the record meanwhile, but this one heard the phone last: it takes the subscription back, from whom it gives. */
async function overtake(state: NotifierState, slot: Slot): Promise<string | null> {
  const { subscriptions } = state.parts.store;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await subscriptions.find(slot.record.id);
    if (stored === null) return null;
    slot.raise(stored.cseqCeiling + JUMP, stored.versionCeiling + JUMP);
    state.renew(slot, { ...slot.record, epoch: stored.epoch + 1 });
    if ((await subscriptions.update(slot.current(), stored.epoch)) === 'ok') return stored.owner;
  }
  return null;
}
