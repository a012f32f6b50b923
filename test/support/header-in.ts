import type { Answer } from '../../src/ports/edge.ts';

/** The value of a header field of an answer, or null; `name` in lower case. */
export function headerIn({ headers }: Answer, name: string): string | null {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text === name);
  return at === -1 ? null : (headers[at + 1] ?? null);
}
