import { afterAll, beforeAll, describe, test } from 'vitest';
import { EDGES, type EdgeName, openStage, type Stage } from '../support/rfc-stage.ts';

/** What a clause asks for, as a test on a stage. */
export interface Clause {
  /** `RFC 6665 §4.2.1.1: ...` */
  readonly name: string;
  readonly check: (stage: Stage) => Promise<void>;
  /** Where drachtio-server decides by itself: what it does instead, as the end of the name, and its test. */
  readonly byDrachtio?: { readonly says: string; readonly check: (stage: Stage) => Promise<void> };
}

/** Runs every clause over real sockets on both edges, with a whole Lamplighter behind each. */
export function testClauses(clauses: readonly Clause[]): void {
  describe.each(EDGES)('$name', ({ edge }) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(edge);
    });
    afterAll(() => stage[Symbol.asyncDispose]());

    describe.concurrent('keeps', () => {
      for (const clause of clauses) test(nameOn(edge, clause), () => checkOn(edge, clause)(stage));
    });
  });
}

function nameOn(edge: EdgeName, { name, byDrachtio }: Clause): string {
  return edge === 'drachtio' && byDrachtio ? `${name}. drachtio itself decides: ${byDrachtio.says}` : name;
}

function checkOn(edge: EdgeName, { check, byDrachtio }: Clause): Clause['check'] {
  return edge === 'drachtio' && byDrachtio ? byDrachtio.check : check;
}
