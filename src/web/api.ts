import type { Callflow, Json, Seat } from '../callflow/callflow.ts';
import { formatCallflow, parseCallflow } from '../callflow/document.ts';
import type { CallflowProblem } from '../callflow/problem.ts';
import type { RunRecord } from '../callflow/run.ts';
import type { CallflowSummary } from './model/clash.ts';
import { type Draft, draftOf } from './model/draft.ts';
import type { LampStatus } from './model/live.ts';

/** What the server answered. `away`: there was no answer. */
export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: ApiProblem }
  | { readonly kind: 'away'; readonly message: string };

/** A refusal of the server (RFC 9457), with what saving a callflow adds to it. */
export interface ApiProblem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly problems?: readonly CallflowProblem[];
}

/** Who we are to the server. */
export interface Session {
  /** `*`: any realm. */
  readonly realms: readonly string[];
  readonly access: 'read' | 'write';
  /** Null, or absent: there is no SIP over WebSocket. */
  readonly sip?: {
    readonly wsPort: number | null;
    /** For pages that were loaded over https. */
    readonly wssPort?: number | null;
    /** SIP wants a user and a password. */
    readonly digest?: boolean;
  } | null;
}

export interface Watcher {
  readonly id: string;
  readonly watcher: string;
  readonly userAgent: string;
  readonly transport: string;
  readonly address: string;
  readonly expiresAt: string;
  readonly confirmedRev: number | null;
}

export interface Checked {
  readonly callflow: Callflow;
  readonly problems: readonly CallflowProblem[];
}

export interface RunResult {
  readonly run: RunRecord;
  readonly lamps: readonly { readonly id: string; readonly status: LampStatus }[];
}

export interface RunInput {
  readonly number?: string;
  readonly caller?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A seat of the realm that was asked for. */
export type StoredSeat = Omit<Seat, 'realm'>;

type SeatBody = Pick<Seat, 'name' | 'extension' | 'presenceId'>;

/** The HTTP API as this page uses it. Paths are relative, so that the page works below a prefix of a proxy. */
export class Api {
  readonly #token: string | null;
  readonly #onUnknown: () => void;

  /** `onUnknown` is called when the server does not know the token, or wants one. */
  constructor(token: string | null, onUnknown: () => void) {
    this.#token = token;
    this.#onUnknown = onUnknown;
  }

  session(): Promise<Answer<Session>> {
    return this.#ask('GET', 'v1/session');
  }

  callflows(realm: string): Promise<Answer<{ readonly callflows: readonly CallflowSummary[] }>> {
    return this.#ask('GET', `${at(realm)}/callflows`);
  }

  async callflow(realm: string, id: string): Promise<Answer<Checked>> {
    return checked(await this.#ask('GET', `${at(realm)}/callflows/${enc(id)}`), realm);
  }

  async create(realm: string, draft: Draft): Promise<Answer<Checked>> {
    return checked(await this.#ask('POST', `${at(realm)}/callflows`, documentOf(draft)), realm);
  }

  /** `rev`: the one that the draft was read at; 409 when another one is stored. */
  async save(realm: string, to: { id: string; rev: number; draft: Draft }): Promise<Answer<Checked>> {
    const { id, rev, draft } = to;
    const path = `${at(realm)}/callflows/${enc(id)}`;
    return checked(await this.#ask('PUT', path, documentOf(draft, id, rev)), realm);
  }

  remove(realm: string, id: string, rev: number): Promise<Answer<null>> {
    return this.#ask('DELETE', `${at(realm)}/callflows/${enc(id)}?rev=${rev}`);
  }

  /** `id`: the callflow that the draft is of, so that its stored version does not clash with it. */
  check(
    realm: string,
    id: string,
    draft: Draft,
  ): Promise<Answer<{ readonly problems: readonly CallflowProblem[] }>> {
    return this.#ask('POST', `${at(realm)}/callflows/check`, documentOf(draft, id));
  }

  run(realm: string, id: string, input: RunInput): Promise<Answer<RunResult>> {
    return this.#ask('POST', `${at(realm)}/callflows/${enc(id)}/run`, input);
  }

  runs(realm: string, id: string): Promise<Answer<{ readonly runs: readonly RunRecord[] }>> {
    return this.#ask('GET', `${at(realm)}/callflows/${enc(id)}/runs`);
  }

  /** Callflows to begin with. */
  async examples(): Promise<Answer<readonly Draft[]>> {
    const answer = await this.#ask<{ readonly examples: readonly unknown[] }>('GET', 'v1/examples');
    return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.examples.flatMap(draftsIn) } : answer;
  }

  seats(realm: string): Promise<Answer<{ readonly seats: readonly StoredSeat[] }>> {
    return this.#ask('GET', `${at(realm)}/seats`);
  }

  addSeat(realm: string, seat: SeatBody): Promise<Answer<StoredSeat>> {
    return this.#ask('POST', `${at(realm)}/seats`, seat);
  }

  watchers(realm: string, id: string): Promise<Answer<{ readonly items: readonly Watcher[] }>> {
    return this.#ask('GET', `${at(realm)}/presence/${enc(id)}/watchers`);
  }

  setLamp(realm: string, id: string, status: 'idle' | 'ringing' | 'busy'): Promise<Answer<unknown>> {
    return this.#ask('PUT', `${at(realm)}/presence/${enc(id)}`, { status });
  }

  /** The stream of lamps; the caller reads its body. Rejects when the server cannot be reached. */
  live(realm: string, signal: AbortSignal): Promise<Response> {
    return fetch(`${at(realm)}/live`, { headers: this.#headers(), signal });
  }

  async #ask<Value>(method: string, path: string, body?: unknown): Promise<Answer<Value>> {
    try {
      const response = await fetch(path, {
        method,
        headers: { ...this.#headers(), ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (response.status === 401) this.#onUnknown();
      return await answerOf<Value>(response);
    } catch (error) {
      return { kind: 'away', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #headers(): Readonly<Record<string, string>> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
  }
}

/** One sentence for people about an answer that is not `ok`. */
export function failureText(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  if (answer.kind === 'away') return 'The server cannot be reached; nothing was changed';
  return answer.problem.detail || answer.problem.title;
}

async function answerOf<Value>(response: Response): Promise<Answer<Value>> {
  const text = await response.text();
  if (response.ok) return { kind: 'ok', value: (text === '' ? null : JSON.parse(text)) as Value };
  return { kind: 'refused', status: response.status, problem: problemOf(text, response.status) };
}

function problemOf(text: string, status: number): ApiProblem {
  const unnamed = { code: 'UNKNOWN', title: `The server answered ${status}`, detail: '' };
  try {
    return { ...unnamed, ...(JSON.parse(text) as Partial<ApiProblem>) };
  } catch {
    // A proxy in between answers with a page of its own.
    return unnamed;
  }
}

/** A draft as it is sent; where it is stored the path says, and the `rev` that it was read at beside it. */
function documentOf(draft: Draft, id = '', rev = 0): Json {
  return formatCallflow({ ...draft, id, rev, realm: '' });
}

interface CheckedJson {
  readonly callflow: { readonly id: string; readonly rev: number };
  readonly problems?: readonly CallflowProblem[];
}

function checked(answer: Answer<CheckedJson>, realm: string): Answer<Checked> {
  if (answer.kind !== 'ok') return answer;
  const { callflow: json, problems = [] } = answer.value;
  const parsed = parseCallflow(json, { realm, id: json.id, rev: json.rev });
  if (parsed.kind === 'callflow') return { kind: 'ok', value: { callflow: parsed.callflow, problems } };
  const problem = {
    code: 'UNREADABLE',
    title: 'The callflow cannot be read',
    detail: '',
    problems: parsed.problems,
  };
  return { kind: 'refused', status: 0, problem };
}

function draftsIn(json: unknown): readonly Draft[] {
  const parsed = parseCallflow(json, { realm: '', id: '', rev: 0 });
  return parsed.kind === 'callflow' ? [draftOf(parsed.callflow)] : [];
}

function at(realm: string): string {
  return `v1/realms/${enc(realm)}`;
}

function enc(part: string): string {
  return encodeURIComponent(part);
}
