import type { Flow, StackDialog } from '../ports/edge.ts';

/**
 * Copies of texts that share no memory with what they were cut out of. In V8 a slice of a string keeps the whole string:
 * without this, each record would keep the datagram of its SUBSCRIBE alive (0.5 to 1 kB).
 */
export function ownTexts(texts: readonly string[]): readonly string[] {
  return JSON.parse(JSON.stringify(texts)) as string[];
}

/** Texts that are remembered; then all are forgotten, and begin to be shared anew. */
const MOST = 20_000;
/** Longer texts are not shared: they are as different as whoever writes them wants. */
const LONGEST = 256;

/** One string for equal texts: what many records have, such as our own address or the User-Agent of a model of phone. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** A text of the same characters, cut out of nothing. */
  of(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const [own = ''] = ownTexts([text]);
    if (own.length > LONGEST) return own;
    if (this.#texts.size >= MOST) this.#texts.clear();
    this.#texts.set(own, own);
    return own;
  }
}

/** The same flow, with texts of its own. */
export function ownFlow(flow: Flow, texts: SharedTexts): Flow {
  const { remoteAddress, localAddress } = flow;
  return { ...flow, remoteAddress: texts.of(remoteAddress), localAddress: texts.of(localAddress) };
}

/** The same dialog of a stack, with texts of its own. */
export function ownStack(stack: StackDialog | null, texts: SharedTexts): StackDialog | null {
  if (stack === null) return null;
  const [dialogId = '', target = ''] = ownTexts([stack.dialogId, stack.target]);
  const { server, flow, inDialog } = stack;
  return { server: texts.of(server), dialogId, flow: ownFlow(flow, texts), target, inDialog };
}

/** True if both are one flow. */
export function isSameFlow(one: Flow, other: Flow): boolean {
  return (
    one.remotePort === other.remotePort &&
    one.remoteAddress === other.remoteAddress &&
    one.transport === other.transport &&
    one.localPort === other.localPort &&
    one.localAddress === other.localAddress
  );
}
