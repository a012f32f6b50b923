import { Fault } from '../errors.ts';
import { type BeatAnswer, instanceOf, LEFT, type NodeSelf } from '../ports/nodes.ts';
import { checkpoint } from './checkpoint.ts';
import { missed } from './missed.ts';
import { feed, schedule } from './perform.ts';
import type { NotifierState } from './state.ts';

/** How long the start watches who has the name before it takes that one for dead, in ms: two heartbeats and more. */
const PROBATION_MS = 2_500;
/** How often it looks meanwhile. */
const LOOK_MS = 250;

/** Who this process is among the nodes. */
export function selfOf(state: NotifierState): NodeSelf {
  return { node: state.parts.options.nodeId, instance: state.parts.instance };
}

/**
 * Takes the name of this node. NODE_ID_TAKEN if another process with the name gives signs of life; one that was killed
 * is waited for no longer than needed. Resolves when no other node takes over any more what this one owns.
 */
export async function enter(state: NotifierState): Promise<void> {
  const { nodes } = state.parts.store;
  const self = selfOf(state);
  let answer = await nodes.beat(self, null);
  if (!answer.ok) {
    const sign = answer.signs.get(self.node) ?? LEFT;
    if (!state.parts.isGone(instanceOf(sign))) await watch(state, sign);
    answer = await nodes.beat(self, sign);
  }
  while (answer.ok && answer.claimed) {
    await pause(state, LOOK_MS);
    answer = await nodes.beat(self, null);
  }
  if (!answer.ok) throw taken(self.node);
  state.fence.beat(state.now(), state.parts.steady());
}

async function watch(state: NotifierState, sign: string): Promise<void> {
  const self = selfOf(state);
  const until = state.parts.steady() + PROBATION_MS;
  while (state.parts.steady() < until) {
    await pause(state, LOOK_MS);
    const answer = await state.parts.store.nodes.beat(self, null);
    if (!answer.ok && answer.signs.get(self.node) !== sign) throw taken(self.node);
  }
}

function taken(node: string): Fault {
  return new Fault(
    'NODE_ID_TAKEN',
    `Cannot run as node "${node}": another running process on this Redis has that name, set another one with nodeId / LAMPLIGHTER_NODE_ID`,
  );
}

/** Gives a sign of life, looks at those of the others, and checks what this node owns if it was taken for lost. */
export async function heartbeat(state: NotifierState): Promise<void> {
  const { parts, fence, peers } = state;
  const [at, atSteady] = [state.now(), parts.steady()];
  const answer = await parts.store.nodes.beat(selfOf(state), null);
  if (state.stopping) return;
  peers.look(answer.signs, parts.steady());
  if (!answer.ok) return displaced(state);
  fence.beat(at, atSteady);
  // A FLUSHALL says nothing to anybody.
  if (answer.lost) missed(state, null);
  judge(state, answer);
}

/** Another process has the name now: whatever this one remembers is that one's. */
function displaced(state: NotifierState): void {
  state.fence.doubt();
  state.parts.displaced(taken(state.parts.options.nodeId));
}

function judge(state: NotifierState, { claimed }: BeatAnswer): void {
  const { fence, parts } = state;
  if (claimed) fence.doubt();
  if (claimed || !fence.doubts() || state.checking || state.ending) return;
  state.checking = true;
  // Heartbeats go on meanwhile: it may take longer than they may be missed.
  check(state)
    .catch((error: unknown) => parts.log.warn({ err: error }, 'Subscriptions cannot be checked now'))
    .finally(() => {
      state.checking = false;
    });
}

/** Compares every subscription with its record; what another node has taken is gone afterwards. */
async function check(state: NotifierState): Promise<void> {
  const { fence } = state;
  const { lapses } = fence;
  for (const slot of state.slots.values()) state.unwritten.add(slot);
  await checkpoint(state);
  fence.checked(lapses);
  if (!fence.doubts()) releaseHeld(state);
}

/** What has waited is told now, as far as it is still this node's and news to the phone. */
function releaseHeld(state: NotifierState): void {
  for (const slot of state.fence.takeHeld()) {
    if (state.slots.get(slot.record.id) !== slot) continue;
    if (slot.pacing === 'waiting' && slot.wakeAt === Number.POSITIVE_INFINITY) slot.wakeAt = state.now();
    schedule(state, slot);
    if (slot.pacing === 'quiet' && !slot.confirmed) feed(state, slot, 'changed');
  }
}

function pause(state: NotifierState, ms: number): Promise<void> {
  return new Promise((resolve) => state.parts.clock.after(ms, resolve));
}
