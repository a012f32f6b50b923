import type { Answer, IncomingRequest } from '../ports/edge.ts';
import type { NotifierState } from './state.ts';

/** Answers a request, and counts it. */
export function respond(state: NotifierState, request: IncomingRequest, answer: Answer): void {
  state.parts.edge.respond(request, answer);
  state.parts.meter.answered(request.message.method, answer.status);
}
