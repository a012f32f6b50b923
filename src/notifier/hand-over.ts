import type { NodeWord } from '../ports/post.ts';
import { feed } from './perform.ts';
import { goOn } from './settle.ts';
import type { Slot } from './slot.ts';
import type { NotifierState } from './state.ts';
import { yieldSlot } from './yield-slot.ts';

/**
 * How long this node waits for the owner of before, in ms: an owner that cannot be reached for so long has no heartbeat
 * either, and its `Fence` keeps it from telling changes by then.
 */
const SILENT_MS = 3_500;
/** How often it is told again, in ms. */
const AGAIN_MS = 500;

/**
 * A subscription comes from another node, which may have a NOTIFY in flight: that is the one that may be, so that nothing
 * is sent from here before `takeFrom` has ended.
 */
export function holdBack(state: NotifierState, slot: Slot): void {
  // One of its own is in flight: nothing can be held back any more.
  if (slot.pacing !== 'quiet' && slot.pacing !== 'waiting') return;
  state.arriving.add(slot);
  feed(state, slot, 'taken');
}

/**
 * The record says since now that the slot is this node's: `owner` is asked to let go of it. Once it has, or cannot be
 * reached, the phone is told, with numbers above all that `owner` has used.
 */
export function takeFrom(state: NotifierState, slot: Slot, owner: string): void {
  if (owner === state.parts.options.nodeId) return;
  if (!state.arriving.has(slot)) holdBack(state, slot);
  const { id, epoch } = slot.record;
  const word: NodeWord = { kind: 'taken', id, epoch, from: state.parts.options.nodeId };
  if (state.arriving.has(slot))
    void ask(state, slot, { owner, word, until: state.parts.steady() + SILENT_MS });
  else void state.parts.store.post.say(owner, word);
}

interface Question {
  readonly owner: string;
  readonly word: NodeWord;
  /** Steady ms. */
  readonly until: number;
}

async function ask(state: NotifierState, slot: Slot, question: Question): Promise<void> {
  const { owner, word, until } = question;
  // It has arrived, or was taken from yet another owner meanwhile.
  if (!state.arriving.has(slot) || slot.record.epoch !== word.epoch) return;
  if (state.parts.steady() >= until) return arrive(state, slot);
  const isHeard = await state.parts.store.post.say(owner, word);
  // Who has left, or was lost long ago, has nothing to let go of.
  if (!isHeard && !state.peers.lives(owner)) return arrive(state, slot);
  state.parts.clock.after(AGAIN_MS, () => void ask(state, slot, question));
}

/** Nobody else tells the phone anything any more: what is news to it is sent. */
function arrive(state: NotifierState, slot: Slot): void {
  if (!state.arriving.delete(slot)) return;
  feed(state, slot, 'accepted');
  goOn(state, slot);
}

/** Another node says something about a subscription. */
export function hearWord(state: NotifierState, { kind, id, epoch, from }: NodeWord): void {
  const slot = state.slots.get(id) ?? state.opening.get(id);
  if (kind === 'freed') {
    if (slot?.record.epoch === epoch) arrive(state, slot);
    return;
  }
  // This node has taken it back since, and says so itself.
  if (slot !== undefined && slot.record.epoch >= epoch) return;
  if (slot !== undefined) yieldSlot(state, slot);
  void state.parts.store.post.say(from, { kind: 'freed', id, epoch, from: state.parts.options.nodeId });
}
