import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { refusal } from '../sip/refusal.ts';
import type { NotifierState } from './state.ts';

/** Answers a request, and counts it. RFC 3261 §9.2: an INVITE that was cancelled has had its answer. */
export function respond(state: NotifierState, request: IncomingRequest, answer: Answer): void {
  if (state.givenUp.has(request)) return;
  state.parts.edge.respond(request, answer);
  state.parts.meter.answered(request.message.method, answer.status);
}

/** RFC 3261 §21.4.4: who asks is known, and may not. */
export function forbid(state: NotifierState, request: IncomingRequest): void {
  state.parts.meter.auth('forbidden');
  respond(state, request, refusal(403));
}
