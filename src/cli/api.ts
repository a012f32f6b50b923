import type { Config } from '../config.ts';
import { CliFailure } from './io.ts';

/** Where the API is, and with what token. */
export interface ApiTarget {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string | null;
}

export interface ApiOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly realm: string;
}

/** The API that the options name, else the one that the configuration sets up on this machine. */
export function apiTarget(options: ApiOptions, { http }: Config): ApiTarget {
  const url = options.url ?? `http://${reachable(http.host)}:${http.port}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CliFailure(`Cannot use --url "${url}": it must be a URL such as http://127.0.0.1:8080`, 2);
  }
  const fits = (realms: readonly string[]) => realms.includes('*') || realms.includes(options.realm);
  const own = http.tokens.filter((token) => fits(token.realms));
  const best = own.find((token) => token.access === 'write') ?? own[0];
  return { url: url.replace(/\/+$/, ''), token: options.token ?? best?.token ?? null };
}

/** The answer of the API; CliFailure with its words when it refuses, or cannot be reached. `doing` begins the line. */
export async function callApi(
  target: ApiTarget,
  request: { readonly method: string; readonly path: string; readonly body?: unknown },
  doing: string,
): Promise<unknown> {
  const response = await send(target, request).catch((error: unknown) => {
    throw new CliFailure(
      `${doing}: ${target.url} cannot be reached (${reasonOf(error)}), start it with "lamplighter serve" or use --url`,
    );
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { title = response.statusText, detail = '' } = (answer ?? {}) as { title?: string; detail?: string };
  throw new CliFailure(`${doing}: ${response.status} ${title}${detail === '' ? '' : `, ${detail}`}`);
}

/** The path of a presence ID in the API. */
export function presencePath(realm: string, id: string): string {
  return `/v1/realms/${encodeURIComponent(realm)}/presence/${encodeURIComponent(id)}`;
}

function send(
  { url, token }: ApiTarget,
  request: { method: string; path: string; body?: unknown },
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  return fetch(url + request.path, {
    method: request.method,
    headers,
    signal: AbortSignal.timeout(10_000),
    ...body,
  });
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
