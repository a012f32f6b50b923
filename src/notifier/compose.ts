import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { type Composition, composePublication, type PublicationRequest } from '../presence/compositor.ts';
import { DIALOG_INFO } from '../presence/package/dialog-info.ts';
import { PIDF } from '../presence/package/pidf.ts';
import { type Identity, mayPublish } from '../presence/privacy.ts';
import { PUBLISHED_PACKAGES, type PublishedPackage, type PublishedState } from '../presence/publication.ts';
import { readPublishedDialogs } from '../presence/published-dialogs.ts';
import { readPublishedPresence } from '../presence/published-presence.ts';
import type { Resource } from '../presence/resource.ts';
import { grantExpires } from '../presence/subscription.ts';
import type { ReadXml, XmlElement } from '../presence/xml-element.ts';
import { type PublishFields, readPublish } from '../sip/publish.ts';
import { badRequest, type Refusal, refusal } from '../sip/refusal.ts';
import { fromUtf8 } from '../sip/utf8.ts';
import { resourceOf } from './resource-of.ts';
import { forbid, respond } from './respond.ts';
import type { NotifierState } from './state.ts';
import { writeBack } from './write-back.ts';

/** The body type of each package, and what reads it. */
const BODIES: Readonly<
  Record<
    PublishedPackage,
    { readonly type: string; readonly read: (root: XmlElement) => PublishedState | null }
  >
> = {
  dialog: { type: DIALOG_INFO, read: readPublishedDialogs },
  presence: { type: PIDF, read: readPublishedPresence },
};

/** Serves a PUBLISH as its event state compositor (RFC 3903 §6). Answers exactly once. */
export async function compose(
  state: NotifierState,
  request: IncomingRequest,
  identity: Identity,
): Promise<void> {
  const reading = readPublish(request.message);
  if (reading.kind === 'refused') return respond(state, request, reading.refusal);
  const resource = resourceOf(state, reading.fields.target);
  if (resource === null) return respond(state, request, refusal(404));
  // RFC 3903 §6 step 3.
  if (!mayPublish(identity, resource, state.parts.options.privacy)) return forbid(state, request);
  const wanted = judge(state, reading.fields);
  if ('status' in wanted) return respond(state, request, wanted);
  respond(state, request, answerTo(await change(state, resource, wanted), wanted));
}

/** Steps 2, 4 and 5 of RFC 3903 §6: what can be judged without the publication. */
function judge(state: NotifierState, fields: PublishFields): PublicationRequest | Refusal {
  const { event, ifMatch } = fields;
  const name =
    typeof event === 'string' ? undefined : PUBLISHED_PACKAGES.find((one) => one === event.package);
  if (name === undefined) return refusal(489, ['allow-events', PUBLISHED_PACKAGES.join(', ')]);
  const grant = grantExpires(fields.expires, state.parts.options.expires);
  if (grant.kind === 'too-brief') return refusal(423, ['min-expires', String(grant.min)]);
  const body = readBody(fields, name, state.parts.readXml);
  if (body !== null && 'status' in body) return body;
  return { package: name, ifMatch, state: body, seconds: grant.seconds };
}

function readBody(
  { body, contentType }: PublishFields,
  name: PublishedPackage,
  readXml: ReadXml,
): PublishedState | Refusal | null {
  if (body === '') return null;
  const { type, read } = BODIES[name];
  if (contentType !== type) return refusal(415, ['accept', type]);
  const root = readXml(fromUtf8(body));
  return (root === null ? null : read(root)) ?? badRequest('Malformed Body');
}

/** One atomic change of the board: if another one comes first, it is decided again on what that has left. */
async function change(
  state: NotifierState,
  resource: Resource,
  request: PublicationRequest,
): Promise<Composition> {
  let composition: Composition = { kind: 'unknown-tag' };
  await state.parts.store.boards.change(resource, (stored) => {
    const board = writeBack(stored, state.boardOf(resource));
    const context = state.changeContext(resource, 'publish');
    composition = composePublication(board, resource, { request, context });
    return composition.kind === 'composed' ? composition.board : board;
  });
  return composition;
}

function answerTo(composition: Composition, { seconds }: PublicationRequest): Answer {
  switch (composition.kind) {
    case 'unknown-tag':
      return refusal(412);
    case 'no-state':
      return badRequest('Missing Body');
    case 'composed':
      return { status: 200, headers: ['expires', String(seconds), 'sip-etag', composition.etag] };
  }
}
