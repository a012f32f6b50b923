import type { z } from '@hono/zod-openapi';
import type { RunResult } from '../notifier/callflow-service.ts';
import type { LampView, PresenceService, PublishResult } from '../notifier/service.ts';
import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { Board } from '../presence/board.ts';
import type { Leg } from '../presence/leg.ts';
import type { Publication } from '../presence/publication.ts';
import type { Resource } from '../presence/resource.ts';
import { fromUtf8 } from '../sip/utf8.ts';
import type { Caller } from './env.ts';
import type { boardAnswer, publishAnswer, watchersAnswer } from './schema.ts';

type BoardJson = z.output<typeof boardAnswer>;
type Lamps = Pick<PresenceService, 'lampOf'>;

/** A board as the API shows it; times are ISO 8601. */
export function boardJson(resource: Resource, board: Board | null, lamps: Lamps): BoardJson {
  return {
    id: resource.user,
    realm: resource.realm,
    rev: board?.rev ?? 0,
    changedAt: board === null ? null : isoOf(board.changedAt),
    changedBy: board?.changedBy ?? null,
    lamp: lampJson(lamps.lampOf(board)),
    manual: manualJson(board),
    legs: (board?.legs ?? []).map(legJson),
    mail: board?.mail ?? null,
    publications: (board?.publications ?? []).map(publicationJson),
  };
}

/** The answer to a change. Realms that the caller does not have are not named to it. */
export function publishJson(
  resource: Resource,
  result: PublishResult,
  { caller, lamps }: { readonly caller: Caller; readonly lamps: Lamps },
): z.output<typeof publishAnswer> {
  const watchedInstead = result.watchedInstead.filter((realm) => caller.allows(realm));
  return {
    id: resource.user,
    realm: resource.realm,
    rev: result.board?.rev ?? 0,
    changed: result.changed,
    lamp: lampJson(lamps.lampOf(result.board)),
    watchers: result.watchers,
    watchedInstead,
    ...(watchedInstead.length > 0 && { warning: warningFor(resource, watchedInstead) }),
  };
}

/** A subscription as the API shows it. Text from the wire is shown as the UTF-8 it is meant to be. */
export function watcherJson(record: SubscriptionRecord): z.output<typeof watchersAnswer>['items'][number] {
  return {
    id: record.id,
    package: record.package,
    watcher: fromUtf8(record.dialog.remoteUri),
    contact: fromUtf8(record.dialog.remoteTarget),
    userAgent: fromUtf8(record.userAgent),
    transport: record.flow.transport,
    address: record.flow.remoteAddress,
    port: record.flow.remotePort,
    node: record.owner,
    createdAt: isoOf(record.createdAt),
    expiresAt: isoOf(record.expiresAt),
    confirmedRev: record.acked?.rev ?? null,
  };
}

function warningFor({ user, realm }: Resource, instead: readonly string[]): string {
  const names = instead.map((name) => `"${name}"`).join(', ');
  return `Nobody watches ${user} in realm "${realm}", but it is watched in ${names}: was that the realm you meant?`;
}

function lampJson({ status, note, leg }: LampView): BoardJson['lamp'] {
  return { status, ...(note !== undefined && { note }), ...(leg && { leg: leg.id }) };
}

function manualJson(board: Board | null): BoardJson['manual'] {
  if (!board?.manual) return null;
  const { status, note, expiresAt } = board.manual;
  return {
    status,
    ...(note !== undefined && { note }),
    ...(expiresAt !== undefined && { expiresAt: isoOf(expiresAt) }),
  };
}

function legJson({ expiresAt, dialogId: _, ...leg }: Leg): BoardJson['legs'][number] {
  return { ...leg, expiresAt: isoOf(expiresAt) };
}

function publicationJson(publication: Publication): BoardJson['publications'][number] {
  const { etag, expiresAt, legs, presence } = publication;
  return {
    etag,
    package: publication.package,
    expiresAt: isoOf(expiresAt),
    legs: legs.map(legJson),
    presence: presence === null ? null : { ...presence, activities: [...presence.activities] },
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** A run and what it moved, as the API shows it. */
export function runJson({ run, lamps }: RunResult) {
  return {
    run,
    lamps: lamps.map(({ resource, status }) => ({ id: resource.user, realm: resource.realm, status })),
  };
}
