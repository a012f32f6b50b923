import type { IncomingRequest } from '../ports/edge.ts';
import type { Identity } from '../presence/privacy.ts';
import { readSubscribe } from '../sip/subscribe.ts';
import { refresh } from './refresh.ts';
import { respond } from './respond.ts';
import type { NotifierState } from './state.ts';
import { subscribe } from './subscribe.ts';
import { judgeTerms } from './terms.ts';

/** Serves a SUBSCRIBE (RFC 6665 §4.2.1): a new subscription, a fetch, a refresh or the end of one. Answers exactly once. */
export async function accept(
  state: NotifierState,
  request: IncomingRequest,
  identity: Identity,
): Promise<void> {
  const reading = readSubscribe(request.message);
  if (reading.kind === 'refused') return respond(state, request, reading.refusal);
  const { fields } = reading;
  const { options, random } = state.parts;
  const terms = judgeTerms(fields, { limits: options.expires, jitter: options.expiresJitter, random });
  if (terms.kind === 'refused') return respond(state, request, terms.refusal);
  const serve = fields.toTag === null ? subscribe : refresh;
  await serve(state, request, { fields, terms, identity });
}
