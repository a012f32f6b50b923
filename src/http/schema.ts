import { z } from '@hono/zod-openapi';
import { STATUSES } from '../presence/board.ts';
import { LEG_STATES } from '../presence/leg.ts';
import { PUBLISHED_PACKAGES } from '../presence/publication.ts';
import { problemCodes } from './problem.ts';

const YEAR_SECONDS = 31_536_000;
const WEEK_SECONDS = 604_800;

/** Text that may stand in an XML document: RFC 4235 and RFC 3863 documents carry it to the phones. */
export function line(longest: number) {
  const wanted = 'must be text without control characters';
  return z
    .string()
    .max(longest)
    .refine((text) => !/\p{Cc}|[\uFFFE\uFFFF]/u.test(text) && text.isWellFormed(), wanted);
}

const uri = line(512).regex(/^(sips?|tel):/i, 'must be a sip:, sips: or tel: URI');
const time = z.string().openapi({ format: 'date-time' });

export const realmParams = z.object({
  realm: z.string().openapi({ param: { description: 'Realm or one of its aliases' }, example: 'default' }),
});

export const presenceParams = realmParams.extend({
  id: z.string().openapi({ param: { description: 'Presence ID: user part or user@realm' }, example: '1001' }),
});

export const legParams = presenceParams.extend({ legId: z.string() });

export const etagQuery = z.object({
  etag: z.string().min(1).optional().openapi({ description: 'Only the publication with this entity-tag' }),
});

export const sourceQuery = z.object({ source: line(128).min(1) });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().min(1).optional(),
});

const expiresIn = z
  .int()
  .min(1)
  .max(YEAR_SECONDS)
  .openapi({ description: 'Seconds until it falls back to idle' });

export const manualBody = z
  .strictObject({
    status: z.enum(STATUSES),
    note: line(256).optional(),
    expiresIn: expiresIn.optional(),
  })
  .openapi('ManualStatusChange');

/** The data of a Kazoo `manual_presence` block, which may hold more keys than are used. */
export const manualPresenceBody = z
  .looseObject({
    presence_id: z.union([z.string(), z.int().transform(String)]),
    status: z.enum([...STATUSES, 'toggle']).default('idle'),
    note: line(256).optional(),
    expires_in: expiresIn.nullish(),
  })
  .openapi('ManualPresenceAction');

const count = z.int().min(0).max(4_294_967_295);

export const mailBody = z
  .strictObject({
    newMessages: count,
    oldMessages: count.default(0),
    newUrgent: count.default(0).openapi({ description: 'How many of the new ones are urgent' }),
    oldUrgent: count.default(0),
    account: uri.optional().openapi({ description: 'URI to call for listening to them' }),
  })
  .refine((mail) => mail.newUrgent <= mail.newMessages && mail.oldUrgent <= mail.oldMessages, {
    error: 'no more messages can be urgent than there are',
    path: ['newUrgent'],
  })
  .openapi('MailSummary');

const partyBody = z
  .strictObject({
    identity: uri,
    display: line(256).optional(),
    target: uri.optional(),
    restricted: z
      .boolean()
      .optional()
      .openapi({ description: 'True: phones are shown an anonymous party (RFC 3323)' }),
  })
  .openapi('Party');

export const legBody = z
  .strictObject({
    id: line(256).min(1).optional().openapi({ description: 'Absent: `callId`, or a random one' }),
    state: z.enum(LEG_STATES),
    direction: z.enum(['initiator', 'recipient']).optional(),
    callId: line(256).min(1).optional(),
    localTag: line(256).min(1).optional(),
    remoteTag: line(256).min(1).optional(),
    local: partyBody.optional(),
    remote: partyBody.optional(),
    held: z.boolean().optional(),
    source: line(128).min(1).optional(),
    seq: z.int().min(0).optional(),
    expiresIn: z.int().min(1).max(WEEK_SECONDS).optional(),
  })
  .refine((leg) => leg.state !== 'terminated' || leg.id !== undefined || leg.callId !== undefined, {
    error: 'id or callId must name the leg that ends',
    path: ['id'],
  })
  .openapi('LegEvent');

const leg = z
  .object({
    id: z.string(),
    state: z.enum(LEG_STATES),
    direction: z.enum(['initiator', 'recipient']).optional(),
    callId: z.string().optional(),
    localTag: z.string().optional(),
    remoteTag: z.string().optional(),
    local: partyBody.optional(),
    remote: partyBody.optional(),
    held: z.boolean().optional(),
    source: z.string().optional(),
    seq: z.int().optional(),
    expiresAt: time,
  })
  .openapi('Leg');

const lamp = z
  .object({
    status: z.enum(['idle', 'ringing', 'busy', 'held', 'trying']),
    note: z.string().optional(),
    leg: z.string().optional().openapi({ description: 'The leg that the lamp shows' }),
  })
  .openapi('Lamp');

const manual = z.object({
  status: z.enum(STATUSES),
  note: z.string().optional(),
  expiresAt: time.optional(),
});

const publication = z
  .object({
    etag: z.string().openapi({ description: 'Its entity-tag now: a new one at each PUBLISH' }),
    package: z.enum(PUBLISHED_PACKAGES),
    expiresAt: time,
    legs: z.array(leg).openapi({ description: 'The dialogs of a published dialog-info document' }),
    presence: z
      .object({
        basic: z.enum(['open', 'closed']),
        activities: z.array(z.string()),
        note: z.string().optional(),
      })
      .nullable()
      .openapi({ description: 'What a published presence document says; null for dialogs' }),
  })
  .openapi('Publication');

export const boardAnswer = z
  .object({
    id: z.string(),
    realm: z.string(),
    rev: z.int().openapi({ description: 'Grows by one at each change; 0: nothing was ever set' }),
    changedAt: time.nullable(),
    changedBy: z.string().nullable(),
    lamp,
    manual: manual.nullable(),
    legs: z.array(leg),
    mail: mailBody.nullable(),
    publications: z.array(publication).openapi({ description: 'What phones have published (RFC 3903)' }),
  })
  .openapi('Board');

export const publishAnswer = z
  .object({
    id: z.string(),
    realm: z.string(),
    rev: z.int(),
    changed: z.boolean(),
    lamp,
    watchers: z.int().openapi({ description: 'Live subscriptions of this presence ID, on all nodes' }),
    watchedInstead: z
      .array(z.string())
      .openapi({ description: 'Realms of the caller in which the ID is watched instead' }),
    warning: z.string().optional(),
  })
  .openapi('PublishResult');

export const legAnswer = publishAnswer.extend({ leg: z.string() }).openapi('LegResult');

export const boardPageAnswer = z
  .object({
    items: z.array(boardAnswer),
    next: z.string().nullable().openapi({ description: 'Path of the next page; null at the end' }),
  })
  .openapi('BoardPage');

export const watchersAnswer = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        package: z.string(),
        watcher: z.string().openapi({ description: 'From of the SUBSCRIBE' }),
        contact: z.string(),
        userAgent: z.string(),
        transport: z.string(),
        address: z.string(),
        port: z.int(),
        node: z.string(),
        createdAt: time,
        expiresAt: time,
        confirmedRev: z.int().nullable().openapi({ description: 'rev that the phone confirmed last' }),
      }),
    ),
  })
  .openapi('Watchers');

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(problemCodes),
    errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');
