import { isFault } from '../errors.ts';
import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { DIALOG_INFO } from '../presence/package/dialog-info.ts';
import { ALLOW_EVENTS } from '../presence/package/event-package.ts';
import { PIDF } from '../presence/package/pidf.ts';
import { accept } from './accept.ts';
import { compose } from './compose.ts';
import { invite } from './invite.ts';
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
  headers: ['allow', ALLOW, 'allow-events', ALLOW_EVENTS, 'accept', ACCEPT, 'supported', ''],
};

/** A request from the wire: it is judged, served and answered, exactly once. */
export function receive(state: NotifierState, request: IncomingRequest): void {
  heard(state, request.flow);
  const { method } = request.message;
  if (method === 'SUBSCRIBE') serve(state, request, accept);
  else if (method === 'PUBLISH') serve(state, request, compose);
  else if (method === 'INVITE') serve(state, request, invite);
  else if (method === 'OPTIONS') respond(state, request, CAPABILITIES);
  else respond(state, request, KNOWN.includes(method) ? NOT_ALLOWED : NOT_IMPLEMENTED);
}

type Serve = (state: NotifierState, request: IncomingRequest) => Promise<void>;

function serve(state: NotifierState, request: IncomingRequest, how: Serve): void {
  how(state, request).catch((error: unknown) => {
    const away = isFault(error, 'STORE_AWAY') || isFault(error, 'STORE_CONTENDED');
    const { method } = request.message;
    if (!away) state.parts.log.error({ err: error, method }, 'A request could not be served');
    respond(state, request, away ? unavailable() : { status: 500, headers: [] });
  });
}

/** Seconds within which the phones that are turned away come back, spread at random. */
const RETRY_AFTER_SECONDS = { least: 5, spread: 20 } as const;

function unavailable(): Answer {
  const { least, spread } = RETRY_AFTER_SECONDS;
  const seconds = least + Math.floor(Math.random() * spread);
  return { status: 503, headers: ['retry-after', String(seconds)] };
}
