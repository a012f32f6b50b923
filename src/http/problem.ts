import type { Context } from 'hono';

/** Every refusal of the HTTP API. A code never changes its meaning. */
const PROBLEMS = {
  BODY_MALFORMED: { status: 400, title: 'The body is not JSON' },
  PARAMETER_INVALID: { status: 400, title: 'A part of the URL cannot be used' },
  USER_INVALID: { status: 400, title: 'This is not the name of a SIP user' },
  PRESENCE_ID_INVALID: { status: 400, title: 'This is not a presence ID' },
  TOKEN_MISSING: { status: 401, title: 'A bearer token is needed' },
  TOKEN_UNKNOWN: { status: 401, title: 'The bearer token is not known' },
  REALM_FORBIDDEN: { status: 403, title: 'The token does not have this realm' },
  WRITE_FORBIDDEN: { status: 403, title: 'The token may only read' },
  HOST_FORBIDDEN: { status: 403, title: 'The Host is not this machine' },
  ORIGIN_FORBIDDEN: { status: 403, title: 'Pages of other sites may not write' },
  REALM_UNKNOWN: { status: 404, title: 'There is no such realm' },
  PATH_UNKNOWN: { status: 404, title: 'There is nothing at this path' },
  CALLFLOW_UNKNOWN: { status: 404, title: 'There is no such callflow' },
  SEAT_UNKNOWN: { status: 404, title: 'There is no such seat' },
  USER_UNKNOWN: { status: 404, title: 'There is no such SIP user' },
  LIST_UNKNOWN: { status: 404, title: 'There is no such list' },
  ACTION_UNKNOWN: { status: 404, title: 'There is no such action' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This path does not take this method' },
  CHANGE_CONTENDED: { status: 409, title: 'Others changed the same presence ID too often' },
  LIST_FIXED: { status: 409, title: 'The list stands in the configuration' },
  STALE_REV: { status: 409, title: 'Somebody saved it meanwhile' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The body must be application/json' },
  BODY_INVALID: { status: 422, title: 'The body has values that cannot be used' },
  CALLFLOW_IMPOSSIBLE: { status: 422, title: 'The callflow cannot be saved' },
  LIST_IMPOSSIBLE: { status: 422, title: 'The list cannot be saved' },
  INTERNAL: { status: 500, title: 'A bug of the server' },
  STORE_AWAY: { status: 503, title: 'The store cannot be reached' },
  NOT_READY: { status: 503, title: 'The server is not ready' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Every code, for the OpenAPI document and its test. */
export const problemCodes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** The answer of RFC 9457 for a refusal. A 503 carries a Retry-After that differs from caller to caller. */
export function problem(
  c: Context,
  code: ProblemCode,
  detail: string,
  options: ProblemOptions = {},
): Response {
  const { status, title } = PROBLEMS[code];
  const type = `urn:lamplighter:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const headers: Record<string, string> = { ...options.headers, 'content-type': 'application/problem+json' };
  if (status === 503) headers['retry-after'] = String(spreadSeconds());
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="lamplighter"';
  return c.body(JSON.stringify({ type, title, status, detail, code, ...options.members }), status, headers);
}

/** 1 to 5 s at random, so that the callers do not all come back at once. */
function spreadSeconds(): number {
  return 1 + Math.floor(Math.random() * 5);
}
