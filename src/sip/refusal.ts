import type { ByteString } from './message.ts';
import { reasonOf } from './status.ts';

/** A final response that refuses a request, as far as the request itself decides it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value ... */
  readonly headers: readonly ByteString[];
}

/** A 400 whose reason phrase says which part of the request is wrong (RFC 3261 §21.4.1). */
export function badRequest(reason: string): Refusal {
  return { status: 400, reason, headers: [] };
}

/** A refusal with the standard phrase of its status. */
export function refusal(status: number, headers: readonly ByteString[] = []): Refusal {
  return { status, reason: reasonOf(status), headers };
}
