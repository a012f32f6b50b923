import type { ByteString } from './message.ts';

/**
 * The same reading of text, which gives its last few results again without reading: the header fields of one SUBSCRIBE
 * are wanted up to six times, by the transaction, the checks, the dialog and the answer. Results are shared: immutable.
 */
export function remembered<Result>(
  read: (text: ByteString) => Result,
  most: number,
): (text: ByteString) => Result {
  const texts: (ByteString | null)[] = new Array<ByteString | null>(most).fill(null);
  const results: Result[] = [];
  let next = 0;
  return (text) => {
    // Strings of other lengths differ at once, and the same string is nearly always the same object.
    for (let at = 0; at < most; at += 1) if (texts[at] === text) return results[at] as Result;
    const result = read(text);
    texts[next] = text;
    results[next] = result;
    next = (next + 1) % most;
    return result;
  };
}
