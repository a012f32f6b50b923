import type { RunWorld } from '../callflow/action.ts';
import type { Callflow, Seat } from '../callflow/callflow.ts';
import { checkCallflow, isSavable } from '../callflow/check.ts';
import { parseCallflow } from '../callflow/document.ts';
import type { CallflowProblem } from '../callflow/problem.ts';
import type { Callflows } from '../ports/callflows.ts';
import type { CheckedCallflow, SaveOutcome } from './callflow-service.ts';

/** What the library is built of. */
export interface LibraryParts {
  readonly callflows: Callflows;
  readonly newId: () => string;
  /** What the callflows of a realm may do. */
  readonly world: (realm: string) => RunWorld;
}

/** The callflows of every realm: read through a cache that is valid as long as the realm's stamp, and checked. */
export class Library {
  readonly #parts: LibraryParts;
  readonly #cache = new Map<string, { readonly stamp: number; readonly callflows: readonly Callflow[] }>();

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  /** Every callflow of a realm; one small read when nothing has changed. */
  async all(realm: string): Promise<readonly Callflow[]> {
    const stamp = await this.#parts.callflows.stamp(realm);
    const cached = this.#cache.get(realm);
    if (cached?.stamp === stamp) return cached.callflows;
    const callflows = await this.#parts.callflows.list(realm);
    if (callflows.length > 0) this.#cache.set(realm, { stamp, callflows });
    else this.#cache.delete(realm);
    return callflows;
  }

  async list(realm: string): Promise<readonly CheckedCallflow[]> {
    const [others, seats] = await Promise.all([this.all(realm), this.#parts.callflows.seats(realm)]);
    return others.map((callflow) => ({ callflow, problems: this.#problems(callflow, others, seats) }));
  }

  async get(realm: string, id: string): Promise<CheckedCallflow | null> {
    const callflow = await this.#parts.callflows.get(realm, id);
    return callflow === null ? null : { callflow, problems: await this.#check(callflow) };
  }

  /** What would be said of a document if it were saved. */
  async check(realm: string, document: unknown): Promise<readonly CallflowProblem[]> {
    const parsed = parseCallflow(document, { realm, id: idIn(document) ?? '', rev: 0 });
    return parsed.kind === 'refused' ? parsed.problems : this.#check(parsed.callflow);
  }

  create(realm: string, document: unknown): Promise<SaveOutcome> {
    return this.#store(document, { realm, id: this.#parts.newId(), rev: 0 });
  }

  save(realm: string, id: string, document: unknown): Promise<SaveOutcome> {
    return this.#store(document, { realm, id, rev: revIn(document) });
  }

  async #store(
    document: unknown,
    place: { readonly realm: string; readonly id: string; readonly rev: number },
  ): Promise<SaveOutcome> {
    const parsed = parseCallflow(document, { ...place, rev: place.rev + 1 });
    if (parsed.kind === 'refused') return parsed;
    const { callflow } = parsed;
    const problems = await this.#check(callflow);
    if (!isSavable(problems)) return { kind: 'refused', problems };
    const result = await this.#parts.callflows.save(callflow, place.rev);
    if (result === 'ok') return { kind: 'saved', callflow, problems };
    if (result === 'gone') return { kind: 'gone' };
    const stored = await this.#parts.callflows.get(place.realm, place.id);
    return stored === null ? { kind: 'gone' } : { kind: 'stale', rev: stored.rev };
  }

  async #check(callflow: Callflow): Promise<readonly CallflowProblem[]> {
    const { realm } = callflow;
    const [others, seats] = await Promise.all([this.all(realm), this.#parts.callflows.seats(realm)]);
    return this.#problems(callflow, others, seats);
  }

  #problems(
    callflow: Callflow,
    others: readonly Callflow[],
    seats: readonly Seat[],
  ): readonly CallflowProblem[] {
    return checkCallflow(callflow, { others, seats, world: this.#parts.world(callflow.realm) });
  }
}

function idIn(document: unknown): string | null {
  const id = (document as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}

function revIn(document: unknown): number {
  const rev = (document as { readonly rev?: unknown } | null)?.rev;
  return typeof rev === 'number' && Number.isSafeInteger(rev) && rev > 0 ? rev : 0;
}
