import type { NodeWord, Post } from '../../ports/post.ts';

/** Words within one process. */
export class EmbeddedPost implements Post {
  readonly #hearers = new Map<string, (word: NodeWord) => void>();

  async open(node: string, hear: (word: NodeWord) => void): Promise<void> {
    this.#hearers.set(node, hear);
  }

  async say(node: string, word: NodeWord): Promise<boolean> {
    const hear = this.#hearers.get(node);
    if (hear !== undefined) setImmediate(() => hear(word));
    return hear !== undefined;
  }
}
