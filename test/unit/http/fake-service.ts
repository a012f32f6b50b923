import { Fault } from '../../../src/errors.ts';
import type {
  Health,
  LampView,
  LegEvent,
  PresenceService,
  PublishResult,
  SeenId,
} from '../../../src/notifier/service.ts';
import type { SubscriptionRecord } from '../../../src/ports/subscriptions.ts';
import type { Board } from '../../../src/presence/board.ts';
import type { Leg } from '../../../src/presence/leg.ts';
import { formatResource, type Resource } from '../../../src/presence/resource.ts';

/** 2026-11-22T12:00:00Z: the clock of the fake stands still. */
const NOW = Date.UTC(2026, 10, 22, 12);

/** A PresenceService in memory, for the tests of the HTTP side only; it records what it is asked. */
export class FakeService implements PresenceService {
  readonly boards = new Map<string, Board>();
  readonly legEvents: LegEvent[] = [];
  readonly listeners = new Set<{ realm: string; listener: (id: SeenId) => void }>();
  readonly realms: Readonly<Record<string, string>>;
  records: SubscriptionRecord[] = [];
  /** User parts that are watched, in every realm. */
  watched: string[] = [];
  watchedInstead: string[] = [];
  fault: Fault | null = null;
  healthy: Health = { store: true, edge: true };

  constructor(realms: Readonly<Record<string, string>>) {
    this.realms = realms;
  }

  async setMail(resource: Resource, mail: Board['mail']) {
    return this.#publish(resource, { mail });
  }

  async setManual(resource: Resource, change: Parameters<PresenceService['setManual']>[1]) {
    const { expiresIn, note } = change;
    const status = change.status === 'toggle' ? this.#toggled(resource) : change.status;
    const expiry = expiresIn === undefined ? {} : { expiresAt: NOW + expiresIn * 1000 };
    const words = note === undefined ? {} : { note };
    return this.#publish(resource, {
      manual: status === 'idle' ? null : { status, ...words, ...expiry, dialogId: 'd1' },
    });
  }

  #toggled(resource: Resource): 'idle' | 'busy' {
    return this.boards.get(formatResource(resource))?.manual == null ? 'busy' : 'idle';
  }

  async putLeg(resource: Resource, event: LegEvent): Promise<PublishResult> {
    this.legEvents.push(event);
    const { expiresIn, state, ...rest } = event;
    const others = this.#legs(resource).filter((leg) => leg.id !== event.id);
    const added: Leg[] =
      state === 'terminated' ? [] : [{ ...rest, state, expiresAt: NOW + expiresIn * 1000 }];
    return this.#publish(resource, { legs: [...others, ...added] });
  }

  async endLeg(resource: Resource, legId: string): Promise<PublishResult> {
    return this.#publish(resource, { legs: this.#legs(resource).filter((leg) => leg.id !== legId) });
  }

  async dropLegs(resource: Resource, source: string): Promise<PublishResult> {
    return this.#publish(resource, { legs: this.#legs(resource).filter((leg) => leg.source !== source) });
  }

  async dropPublications(resource: Resource, etag: string | null): Promise<PublishResult> {
    const { publications = [] } = this.#board(resource) ?? {};
    return this.#publish(resource, {
      publications: publications.filter((one) => etag !== null && one.etag !== etag),
    });
  }

  async dropRealmLegs(realm: string, source: string): Promise<number> {
    const hit = [...this.boards.values()].filter(
      (board) => board.resource.realm === realm && board.legs.some((leg) => leg.source === source),
    );
    for (const board of hit) await this.dropLegs(board.resource, source);
    return hit.length;
  }

  async view(resource: Resource) {
    this.#check();
    const board = this.#board(resource);
    return { resource, board, lamp: this.lampOf(board) };
  }

  async list(realm: string, { after, limit }: Parameters<PresenceService['list']>[1]) {
    this.#check();
    const set = [...this.boards.values()].filter((board) => board.resource.realm === realm);
    const users = new Set([...set.map((board) => board.resource.user), ...this.watched]);
    const all = [...users].filter((user) => user > (after ?? '')).sort();
    const page = all.slice(0, limit);
    const ids = page.map((user) => ({ resource: { realm, user }, board: this.#board({ realm, user }) }));
    return { ids, next: all.length > limit ? (page.at(-1) ?? null) : null };
  }

  lampOf(board: Board | null): LampView {
    const leg = board?.legs[0];
    if (leg) return { status: leg.state === 'early' ? 'ringing' : 'busy', leg };
    const note = board?.manual?.note;
    return { status: board?.manual?.status ?? 'idle', ...(note === undefined ? {} : { note }) };
  }

  async watchers() {
    this.#check();
    return this.records;
  }

  async live(realm: string, listener: (id: SeenId) => void) {
    this.#check();
    const entry = { realm, listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  health() {
    return this.healthy;
  }

  realmNamed(name: string): string | null {
    return this.realms[name.toLowerCase()] ?? null;
  }

  #check(): void {
    if (this.fault !== null) throw this.fault;
  }

  #board(resource: Resource): Board | null {
    return this.boards.get(formatResource(resource)) ?? null;
  }

  #legs(resource: Resource): readonly Leg[] {
    return this.#board(resource)?.legs ?? [];
  }

  #publish(resource: Resource, change: Partial<Board>): PublishResult {
    this.#check();
    const current = this.#board(resource);
    const next = { ...(current ?? blank(resource)), ...change };
    const changed =
      JSON.stringify([next.manual, next.legs, next.publications, next.mail]) !==
      JSON.stringify([
        current?.manual ?? null,
        current?.legs ?? [],
        current?.publications ?? [],
        current?.mail ?? null,
      ]);
    const board = changed ? { ...next, rev: next.rev + 1 } : current;
    if (board !== null && changed) this.#store(board);
    return { board, changed, watchers: this.records.length, watchedInstead: this.watchedInstead };
  }

  #store(board: Board): void {
    this.boards.set(formatResource(board.resource), board);
    for (const { realm, listener } of this.listeners) {
      if (realm === board.resource.realm) listener({ resource: board.resource, board });
    }
  }
}

/** What every call of a service rejects with while its store is away. */
export const storeAway = new Fault('STORE_AWAY', 'Cannot write board: the store is away');

function blank(resource: Resource): Board {
  return {
    resource,
    rev: 0,
    change: 'c',
    changedAt: NOW,
    changedBy: 'api',
    manual: null,
    legs: [],
    ended: [],
    lastDialogId: '',
    publications: [],
    mail: null,
  };
}
