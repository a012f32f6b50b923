import { type Board, type ChangeContext, nextBoard } from '../presence/board.ts';
import { dropPublications } from '../presence/compositor.ts';
import { applyLegEvent, endLegs, type LegEvent } from '../presence/leg-event.ts';
import { type MailSummary, setMail } from '../presence/mail-summary.ts';
import { setManual, toggled } from '../presence/manual.ts';
import type { Publication } from '../presence/publication.ts';
import type { Resource } from '../presence/resource.ts';
import type { ManualSetting, PublishResult } from './service.ts';
import type { NotifierState } from './state.ts';
import { writeBack } from './write-back.ts';

/** Sets the manual status of a resource, or toggles it. */
export function publishManual(
  state: NotifierState,
  resource: Resource,
  change: ManualSetting,
): Promise<PublishResult> {
  const step: Step = (board, context) => {
    const status = change.status === 'toggle' ? toggled(board) : change.status;
    return setManual(board, resource, { change: { ...change, status }, context });
  };
  return publish(state, resource, { by: change.by ?? 'api', step });
}

/** Says what waits in the mailbox of a resource; null forgets it. */
export function publishMail(
  state: NotifierState,
  resource: Resource,
  mail: MailSummary | null,
): Promise<PublishResult> {
  const step: Step = (board, context) => setMail(board, resource, { mail, context });
  return publish(state, resource, { by: 'mailbox', step });
}

/** Applies an event of a call leg. */
export function publishLeg(
  state: NotifierState,
  resource: Resource,
  event: LegEvent,
): Promise<PublishResult> {
  const step: Step = (board, context) => applyLegEvent(board, resource, { event, context });
  return publish(state, resource, { by: 'call', step });
}

/** Ends one leg, by its id. */
export function publishLegEnd(
  state: NotifierState,
  resource: Resource,
  legId: string,
): Promise<PublishResult> {
  const step: Step = (board, context) =>
    endLegs(board, resource, { ends: (leg) => leg.id === legId, context });
  return publish(state, resource, { by: 'call', step });
}

/** Ends every leg of a source on a resource. */
export function publishSourceEnd(
  state: NotifierState,
  resource: Resource,
  source: string,
): Promise<PublishResult> {
  const step: Step = (board, context) =>
    endLegs(board, resource, { ends: (leg) => leg.source === source, context });
  return publish(state, resource, { by: 'call', step });
}

/** Takes away what phones have published of a resource: all of it, or the publication with an entity-tag. */
export function publishPublicationEnd(
  state: NotifierState,
  resource: Resource,
  etag: string | null,
): Promise<PublishResult> {
  const drops = (publication: Publication) => etag === null || publication.etag === etag;
  const step: Step = (board, context) => dropPublications(board, { drops, context });
  return publish(state, resource, { by: 'api', step });
}

/** Ends every leg of a source in a realm; gives how many boards changed. */
export async function publishRealmSourceEnd(
  state: NotifierState,
  realm: string,
  source: string,
): Promise<number> {
  let changed = 0;
  let after: string | null = null;
  do {
    const page = await state.parts.store.boards.list(realm, after, 200);
    for (const board of page.boards) {
      if (!board.legs.some((leg) => leg.source === source)) continue;
      const result = await publishSourceEnd(state, board.resource, source);
      if (result.changed) changed += 1;
    }
    after = page.next;
  } while (after !== null);
  return changed;
}

type Step = (board: Board | null, context: ChangeContext) => Board | null;

/** One atomic change of a board. The bus announces it; the phones are told from there, on this node as on any. */
async function publish(
  state: NotifierState,
  resource: Resource,
  { by, step }: { readonly by: string; readonly step: Step },
): Promise<PublishResult> {
  const { store, log } = state.parts;
  let isAffirmed = false;
  const change = (stored: Board | null) => {
    const context = state.changeContext(resource, by);
    const next = step(writeBack(stored, state.boardOf(resource)), context);
    isAffirmed = next === stored && store.unsettled();
    return isAffirmed ? nextBoard(stored, resource, { patch: {}, context }) : next;
  };
  // Asked for together: one round trip, not two. Who watches does not hang on what is set.
  const [result, watchers] = await Promise.all([
    store.boards.change(resource, change),
    store.subscriptions.count(resource, state.now()),
  ]);
  const watchedInstead = watchers > 0 ? [] : await watchedElsewhere(state, resource);
  if (watchedInstead.length > 0) {
    log.warn({ ...resource, watchedInstead }, 'A status was set in a realm where nobody watches this ID');
  }
  return { ...result, changed: result.changed && !isAffirmed, watchers, watchedInstead };
}

async function watchedElsewhere(state: NotifierState, resource: Resource): Promise<readonly string[]> {
  const realms = await state.parts.store.subscriptions.realmsWatching(resource.user, state.now());
  return realms.filter((realm) => realm !== resource.realm);
}
