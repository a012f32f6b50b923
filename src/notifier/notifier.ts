import type { EdgeHandlers, Flow } from '../ports/edge.ts';
import { parseUri } from '../sip/uri.ts';
import type { CallflowService } from './callflow-service.ts';
import { createCallflowService } from './callflows.ts';
import { checkpoint } from './checkpoint.ts';
import { compare } from './compare.ts';
import { expireBoards } from './expire.ts';
import { fanOut } from './fan-out.ts';
import { hearWord } from './hand-over.ts';
import { enter, heartbeat, selfOf } from './heartbeat.ts';
import { inviteCancelled } from './invite.ts';
import { lookAtLetGo } from './let-go.ts';
import type { ListService } from './list-service.ts';
import { createListService } from './lists.ts';
import { lookForWatched } from './live.ts';
import { missed } from './missed.ts';
import { feed, wake } from './perform.ts';
import { createPresenceService } from './presence-service.ts';
import { receive } from './receive.ts';
import { refreshLists } from './refresh-lists.ts';
import { runSchedules } from './schedule.ts';
import type { PresenceService } from './service.ts';
import { heard, numbered, restored, settle } from './settle.ts';
import { type NotifierParts, NotifierState, TICK_MS } from './state.ts';
import { takeOverLost } from './take-over.ts';
import { takeUpOwn } from './takeover.ts';
import { turnBack } from './turn-back.ts';
import { informOfWatchers } from './watcher-info.ts';

/** How often each duty is done, in ms. */
const HEARTBEAT_MS = 1_000;
const TAKE_OVER_MS = 500;
const CHECKPOINT_MS = 1_000;
const LET_GO_MS = 1_000;
const EXPIRE_MS = 250;
const COMPARE_MS = 30_000;
const SCHEDULE_MS = 1_000;
const LISTS_MS = 2_000;
const WATCHED_MS = 2_000;
/** RFC 3857 §4.10: watcher information no more often than once in five seconds. */
const WATCHER_INFO_MS = 5_000;
/** How long a graceful stop waits for SUBSCRIBEs under way and NOTIFYs in flight, in ms. */
const DRAIN_MS = 2_000;

/** The application: between an edge and a store, it keeps every phone told. */
export interface Notifier {
  readonly service: PresenceService;
  readonly callflows: CallflowService;
  readonly lists: ListService;
  /**
   * Takes the name of the node, opens the bus and the edge and takes up the subscriptions this node owned before; gives
   * how many. NODE_ID_TAKEN while another process has the name.
   */
  start(): Promise<number>;
  /** Takes no more requests, lets NOTIFYs in flight settle, writes what was learned, closes the edge, hands over. Does not close the store. */
  stop(): Promise<void>;
}

export function createNotifier(parts: NotifierParts): Notifier {
  const state = new NotifierState(parts);
  const duty = (name: string, ms: number, work: () => Promise<void>) =>
    every(state, ms, { name, work, failing: false });
  const begin = () => {
    duty('take over', TAKE_OVER_MS, () => takeOverLost(state));
    duty('checkpoint', CHECKPOINT_MS, () => checkpoint(state));
    duty('let go', LET_GO_MS, () => lookAtLetGo(state));
    duty('expire', EXPIRE_MS, () => expireBoards(state));
    duty('compare', COMPARE_MS, () => compare(state, null));
    duty('schedule', SCHEDULE_MS, () => runSchedules(state));
    duty('lists', LISTS_MS, () => refreshLists(state));
    duty('watched', WATCHED_MS, () => lookForWatched(state));
    duty('watcher information', WATCHER_INFO_MS, () => informOfWatchers(state));
    turn(state);
  };
  return {
    service: createPresenceService(state),
    callflows: createCallflowService(state),
    lists: createListService(state),
    start: async () => {
      await enter(state);
      // From now on, for the rest of the start may take as long as others wait for a sign.
      duty('heartbeat', HEARTBEAT_MS, () => heartbeat(state));
      await parts.store.post.open(parts.options.nodeId, (word) => hearWord(state, word));
      await parts.store.bus.start({
        changed: (board) => {
          parts.meter.bus('changed');
          fanOut(state, board);
        },
        missed: (buckets) => missed(state, buckets),
      });
      await parts.edge.start(edgeHandlers(state));
      const taken = await takeUpOwn(state);
      begin();
      return taken;
    },
    stop: () => stop(state),
  };
}

function edgeHandlers(state: NotifierState): EdgeHandlers {
  return {
    request: (request) => receive(state, request),
    cancelled: (request) => inviteCancelled(state, request),
    settled: (slot, result) => {
      const own = state.slotOf(slot);
      if (own !== null) settle(state, own, result);
    },
    numbered: (slot, cseq) => {
      const own = state.slotOf(slot);
      if (own !== null) numbered(state, own, cseq);
    },
    closed: (flow) => closed(state, flow),
    alive: (flow) => heard(state, flow),
    restored: () => restored(state),
  };
}

/** RFC 5626 §5.3: a subscription goes with the stream it came on, unless its phone can be called back. */
function closed(state: NotifierState, flow: Flow): void {
  for (const slot of state.onFlow(flow)) {
    if (!canCallBack(slot.record.dialog.remoteTarget, flow)) feed(state, slot, 'lost');
  }
}

/** It says itself that it listens where it is, and not for WebSockets, which phones alone open. */
function canCallBack(target: string, flow: Flow): boolean {
  const uri = parseUri(target);
  if (flow.transport === 'ws' || flow.transport === 'wss' || uri === null) return false;
  const isThere = uri.host === flow.remoteAddress || uri.host === `[${flow.remoteAddress}]`;
  return isThere && uri.port !== flow.remotePort;
}

/** Turns the wheel of waits and expiries, tick by tick. */
function turn(state: NotifierState): void {
  if (state.stopping) return;
  state.load.tick();
  const now = state.now();
  if (now < state.turnedAt) turnBack(state, now);
  state.turnedAt = now;
  state.wheel.advance(now, (slot) => wake(state, slot));
  state.kept.advance(now);
  state.parts.clock.after(TICK_MS, () => turn(state));
}

/** Does a duty again and again, each time `ms` after the last one has ended; a failure waits for the next time. */
function every(state: NotifierState, ms: number, duty: Duty): void {
  if (state.stopping) return;
  duty
    .work()
    .then(() => recovered(state, duty))
    .catch((error: unknown) => failed(state, duty, error))
    .finally(() => state.parts.clock.after(ms, () => every(state, ms, duty)));
}

/** Something that is done for as long as the process lives. */
interface Duty {
  readonly name: string;
  readonly work: () => Promise<void>;
  /** True since it failed last: a store that is away is one line in the log, not four a second. */
  failing: boolean;
}

function failed(state: NotifierState, duty: Duty, error: unknown): void {
  if (!duty.failing) state.parts.log.warn({ err: error, duty: duty.name }, 'A duty cannot be done now');
  duty.failing = true;
}

function recovered(state: NotifierState, duty: Duty): void {
  if (duty.failing) state.parts.log.info({ duty: duty.name }, 'A duty is done again');
  duty.failing = false;
}

function logFailure(state: NotifierState, error: unknown): void {
  state.parts.log.warn({ err: error }, 'Something could not be done and will be tried again');
}

async function stop(state: NotifierState): Promise<void> {
  const { edge, clock, store } = state.parts;
  edge.quiesce();
  state.ending = true;
  // What comes to be told from now on is for whoever has the subscriptions next.
  state.fence.close();
  const deadline = state.now() + DRAIN_MS;
  while (state.now() < deadline && state.inFlight() + state.intake.load > 0) {
    await new Promise<void>((resolve) => clock.after(TICK_MS, resolve));
  }
  state.stopping = true;
  await checkpoint(state).catch((error: unknown) => logFailure(state, error));
  // Nothing of this node reaches a phone any more before others may tell it: no change, no retransmission.
  await edge.stop();
  await store.nodes.leave(selfOf(state)).catch((error: unknown) => logFailure(state, error));
}
