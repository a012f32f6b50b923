import type { Board } from '../presence/board.ts';
import { dialogsOf, lampStatus } from '../presence/lamp.ts';
import { combinePresence } from '../presence/publication.ts';
import { realmOf } from '../presence/realm.ts';
import { live } from './live.ts';
import {
  publishLeg,
  publishLegEnd,
  publishMail,
  publishManual,
  publishPublicationEnd,
  publishRealmSourceEnd,
  publishSourceEnd,
} from './publish.ts';
import { listIds } from './seen-ids.ts';
import type { Health, LampView, PresenceService } from './service.ts';
import type { NotifierState } from './state.ts';

/** The application as the HTTP side sees it. */
export function createPresenceService(state: NotifierState): PresenceService {
  const { boards, subscriptions } = state.parts.store;
  const lampOf = (board: Board | null) => lampView(state, board);
  return {
    setManual: (resource, change) => publishManual(state, resource, change),
    putLeg: (resource, event) => publishLeg(state, resource, event),
    endLeg: (resource, legId) => publishLegEnd(state, resource, legId),
    dropLegs: (resource, source) => publishSourceEnd(state, resource, source),
    dropPublications: (resource, etag) => publishPublicationEnd(state, resource, etag),
    dropRealmLegs: (realm, source) => publishRealmSourceEnd(state, realm, source),
    setMail: (resource, mail) => publishMail(state, resource, mail),
    view: async (resource) => {
      const board = await boards.get(resource);
      return { resource, board, lamp: lampOf(board) };
    },
    list: (realm, ask) => listIds(state, realm, ask),
    lampOf,
    watchers: (resource) => subscriptions.watchers(resource, state.now()),
    live: (realm, listener) => live(state, realm, listener),
    health: () => health(state),
    realmNamed: (name) => realmOf(name, state.parts.options.realms),
  };
}

function health({ parts: { store, edge } }: NotifierState): Health {
  const servers = edge.servers();
  const works = { store: store.ready(), edge: edge.ready() };
  if (servers.length === 0) return works;
  return {
    ...works,
    servers: { connected: servers.filter(({ ready }) => ready).length, of: servers.length },
  };
}

function lampView(state: NotifierState, board: Board | null): LampView {
  const [dialog] = dialogsOf(board, state.parts.options.order);
  const note = board?.manual?.note ?? combinePresence(board?.publications ?? [])?.note;
  return {
    status: dialog === undefined ? 'idle' : lampStatus(dialog),
    ...(note === undefined ? {} : { note }),
    ...(dialog?.leg == null ? {} : { leg: dialog.leg }),
  };
}
