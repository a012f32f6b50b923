import { isFault } from '../errors.ts';
import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { DIALOG_INFO } from '../presence/package/dialog-info.ts';
import { ALLOW_EVENTS } from '../presence/package/event-package.ts';
import { PIDF } from '../presence/package/pidf.ts';
import type { Identity } from '../presence/privacy.ts';
import { retryAfter } from '../sip/retry-after.ts';
import { accept } from './accept.ts';
import { gateFor, identify, screen } from './admit.ts';
import { type Authenticator, type Claimant, stranger } from './authenticator.ts';
import { compose } from './compose.ts';
import { invite } from './invite.ts';
import { isInDialog, putOff } from './put-off.ts';
import { respond } from './respond.ts';
import { heard } from './settle.ts';
import type { NotifierState } from './state.ts';

/** The methods that are served (RFC 3261 §20.5). */
const ALLOW = 'SUBSCRIBE, PUBLISH, INVITE, ACK, CANCEL, BYE, OPTIONS';

/** RFC 3261 §8.2.1: a method that we know, but do not serve. */
const NOT_ALLOWED: Answer = { status: 405, headers: ['allow', ALLOW] };

/** RFC 3261 §21.5.2, RFC 4475 §3.1.1.2: a method of which we know nothing. */
const NOT_IMPLEMENTED: Answer = { status: 501, headers: ['allow', ALLOW] };

/** The methods that RFCs define and that are not served. */
const KNOWN: readonly string[] = ['INFO', 'MESSAGE', 'NOTIFY', 'PRACK', 'REFER', 'REGISTER', 'UPDATE'];

/** Bodies that we read: of INVITE, and of PUBLISH. */
const ACCEPT = ['application/sdp', DIALOG_INFO, PIDF].join(', ');

/** RFC 3261 §11.2: what we can do. */
const CAPABILITIES: Answer = {
  status: 200,
  headers: ['allow', ALLOW, 'allow-events', ALLOW_EVENTS, 'accept', ACCEPT, 'supported', 'eventlist'],
};

/** Serves a request for whoever it is from, `identity`; answers exactly once. */
type Serve = (state: NotifierState, request: IncomingRequest, identity: Identity) => Promise<void>;

/** How each method is served that only those may use who are trusted or have authenticated. */
const SERVED: ReadonlyMap<string, Serve> = new Map([
  ['SUBSCRIBE', accept],
  ['PUBLISH', compose],
  ['INVITE', invite],
]);

/** A request from the wire: it is judged, served and answered, exactly once. */
export function receive(state: NotifierState, request: IncomingRequest): void {
  // Before a password is asked for: that would cost as much.
  const later = putOff(state, request);
  if (later === null) admit(state, request);
  else respond(state, request, later);
}

function admit(state: NotifierState, request: IncomingRequest): void {
  const { method } = request.message;
  const how = SERVED.get(method) ?? null;
  const gate = gateFor(state, request);
  if (gate === null) {
    heard(state, request.flow);
    if (how !== null) serve(state, request, () => how(state, request, null));
    else respond(state, request, answerTo(method));
  } else if (how === null) {
    respond(state, request, stranger(request, answerTo(method)));
  } else {
    const screened = screen(state, request, gate);
    if (screened.kind === 'refused') respond(state, request, screened.answer);
    else serve(state, request, () => serveClaimant(state, request, { claimant: screened, gate, how }));
  }
}

function answerTo(method: string): Answer {
  if (method === 'OPTIONS') return CAPABILITIES;
  return KNOWN.includes(method) ? NOT_ALLOWED : NOT_IMPLEMENTED;
}

async function serveClaimant(
  state: NotifierState,
  request: IncomingRequest,
  { claimant, gate, how }: { readonly claimant: Claimant; readonly gate: Authenticator; readonly how: Serve },
): Promise<void> {
  const admission = await identify(request, claimant, gate);
  if (admission.kind === 'refused') return respond(state, request, admission.answer);
  heard(state, request.flow);
  await how(state, request, admission.identity);
}

/** Faults that pass: the phone is asked to come back. */
const PASSING = ['STORE_AWAY', 'STORE_CONTENDED', 'CREDENTIALS_AWAY'] as const;

/** Only SUBSCRIBEs come in storms: a PUBLISH or a call is a lamp, and begun at once. */
function serve(state: NotifierState, request: IncomingRequest, how: () => Promise<void>): void {
  const task = () => how().catch((error: unknown) => fail(state, request, error));
  if (request.message.method === 'SUBSCRIBE') state.intake.take(task, () => isInDialog(request.message));
  else void task();
}

function fail(state: NotifierState, request: IncomingRequest, error: unknown): void {
  const away = PASSING.some((code) => isFault(error, code));
  const { method } = request.message;
  if (!away) state.parts.log.error({ err: error, method }, 'A request could not be served');
  const headers = away ? retryAfter('away', state.parts.random) : [];
  respond(state, request, { status: away ? 503 : 500, headers });
}
