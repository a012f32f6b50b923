import { type Run, startRun } from '../callflow/engine.ts';
import { matchNumber } from '../callflow/match.ts';
import type { IncomingRequest } from '../ports/edge.ts';
import { type Identity, mayDial } from '../presence/privacy.ts';
import { realmOf } from '../presence/realm.ts';
import { headerOf } from '../sip/message.ts';
import { parseNameAddr } from '../sip/name-addr.ts';
import { refusal } from '../sip/refusal.ts';
import { targetOf } from '../sip/target.ts';
import { parseUri, unescapeUri } from '../sip/uri.ts';
import { fromUtf8 } from '../sip/utf8.ts';
import { type Call, drive } from './drive.ts';
import { releaseAnswer } from './release-answer.ts';
import { forbid, respond } from './respond.ts';
import type { NotifierState } from './state.ts';

/**
 * A call: the callflow that its number reaches is run, and the call is answered as the flow says, or at its end as
 * the operator says. A number that reaches nothing is 404.
 */
export async function invite(
  state: NotifierState,
  request: IncomingRequest,
  identity: Identity,
): Promise<void> {
  const called = calledBy(state, request);
  if (called !== null && !mayDial(identity, called.realm)) return forbid(state, request);
  const run = called === null ? null : await runFor(state, request, { ...called, identity });
  // The caller may have given up while its password, or the callflows, were looked up.
  if (state.givenUp.has(request)) return;
  if (run === null) return respond(state, request, refusal(404));
  const call = new IncomingCall(state, request);
  const driven = drive(state, run, call);
  state.calls.set(request, () => {
    call.abandon();
    driven.cancel();
  });
  await driven.result;
  state.calls.delete(request);
  call.finish();
}

/** The caller gave up: the edge has answered 487; the run ends, or never begins. */
export function inviteCancelled(state: NotifierState, request: IncomingRequest): void {
  state.givenUp.add(request);
  state.calls.get(request)?.();
}

/** What a call is for. */
interface Called {
  readonly realm: string;
  readonly number: string;
}

function calledBy(state: NotifierState, { message }: IncomingRequest): Called | null {
  const to = parseNameAddr(headerOf(message, 'to') ?? '');
  const target = to === null ? null : targetOf(message, to);
  const realm = target === null ? null : realmOf(target.host, state.parts.options.realms);
  return target === null || realm === null ? null : { realm, number: target.user };
}

async function runFor(
  state: NotifierState,
  request: IncomingRequest,
  { realm, number, identity }: Called & { readonly identity: Identity },
): Promise<Run | null> {
  const { newId, world } = state.parts;
  const match = matchNumber(number, await state.library.all(realm), world(realm).compile);
  if (match === null) return null;
  return startRun(match.callflow, {
    id: newId(),
    trigger: 'call',
    number,
    caller: callerOf(request, identity),
    capture: match.capture,
    variables: match.named,
    now: state.now(),
    world: world(realm),
  });
}

/** Who has authenticated, for a flow may let some callers do what others may not; else the user part of From, as text. */
function callerOf({ message }: IncomingRequest, identity: Identity): string {
  if (identity !== null) return identity.slice(0, identity.lastIndexOf('@'));
  const from = parseNameAddr(headerOf(message, 'from') ?? '');
  const user = from === null ? null : parseUri(from.uri)?.user;
  return user == null ? '' : fromUtf8(unescapeUri(user));
}

/** An INVITE that waits for its final response. */
class IncomingCall implements Call {
  readonly #state: NotifierState;
  readonly #request: IncomingRequest;
  #answered = false;

  constructor(state: NotifierState, request: IncomingRequest) {
    this.#state = state;
    this.#request = request;
  }

  respond(status: number, reason?: string): boolean {
    if (this.#answered) return false;
    this.#answered = true;
    if (status >= 200 && status < 300) this.#release();
    else
      respond(this.#state, this.#request, {
        status,
        headers: [],
        ...(reason === undefined ? {} : { reason }),
      });
    return true;
  }

  redirect(uri: string): boolean {
    if (this.#answered) return false;
    this.#answered = true;
    respond(this.#state, this.#request, { status: 302, headers: ['contact', `<${uri}>`] });
    return true;
  }

  hangUp(): boolean {
    const { finalStatus } = this.#state.parts.options.calls;
    return this.respond(finalStatus);
  }

  /** The call is over before its answer. */
  abandon(): void {
    this.#answered = true;
  }

  /** The flow is over: a call without an answer gets the operator's. */
  finish(): void {
    const { answerAndRelease, finalStatus } = this.#state.parts.options.calls;
    this.respond(answerAndRelease ? 200 : finalStatus);
  }

  /** For phones that complain about a failed feature code: the call is answered without media, then ended. */
  #release(): void {
    respond(this.#state, this.#request, releaseAnswer(this.#request));
    this.#state.parts.edge.hangUp(this.#request);
  }
}
