import type { Answer, IncomingRequest } from '../ports/edge.ts';
import { refusal } from '../sip/refusal.ts';
import type { NotifierState } from './state.ts';

/** Answers a request, and counts it. */
export function respond(state: NotifierState, request: IncomingRequest, answer: Answer): void {
  state.parts.edge.respond(request, answer);
  state.parts.meter.answered(request.message.method, answer.status);
}

/** RFC 3261 §21.4.4: who asks is known, and may not. */
export function forbid(state: NotifierState, request: IncomingRequest): void {
  state.parts.meter.auth('forbidden');
  respond(state, request, refusal(403));
}
