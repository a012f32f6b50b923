import type { NodeWord, Post } from '../../ports/post.ts';
import type { Connection } from './connection.ts';
import { Ear } from './ear.ts';
import type { Keys } from './keys.ts';
import { connectSubscriber } from './redis-client.ts';

/** How often the connection is looked after, in ms. */
const LOOK_EVERY = 1000;

/** Words on Redis: one channel for each node, a plain one on a Cluster too, whose servers all hear what one is told. */
export class RedisPost implements Post {
  readonly #connection: Connection;
  readonly #keys: Keys;
  #ear: Ear | null = null;
  #timer: NodeJS.Timeout | null = null;
  #connecting = false;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  async open(node: string, hear: (word: NodeWord) => void): Promise<void> {
    const channel = this.#keys.post(node);
    this.#timer = setInterval(() => void this.#look(channel, hear), LOOK_EVERY).unref();
    await this.#listen(channel, hear);
  }

  async say(node: string, word: NodeWord): Promise<boolean> {
    try {
      return (await this.#connection.client.publish(this.#keys.post(node), writeWord(word))) > 0;
    } catch {
      return false;
    }
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#ear?.close();
  }

  /** A silent connection is given up, and made again by itself; on a Cluster the server may be gone for good, and another one serves as well. */
  async #look(channel: string, hear: (word: NodeWord) => void): Promise<void> {
    const isListening = this.#ear?.idle === false;
    if (this.#connecting) return;
    if (isListening && this.#ear?.hearing === true) this.#ear.prod();
    else if (!isListening || this.#connection.cluster !== null) await this.#listen(channel, hear);
  }

  /** Redis is away: the next look tries again. */
  async #listen(channel: string, hear: (word: NodeWord) => void): Promise<void> {
    this.#connecting = true;
    this.#ear?.close();
    const ear = new Ear(connectSubscriber(this.#connection.target, this.#anyServer()), false, {
      message: (_channel, text) => {
        const word = readWord(text);
        if (word !== null) hear(word);
      },
      restored: () => undefined,
      moved: () => undefined,
    });
    this.#ear = ear;
    await ear.hear(channel).catch(() => undefined);
    this.#connecting = false;
  }

  /** Of a Cluster; null for the one server that there is, or while nothing is known of the Cluster. */
  #anyServer(): string | null {
    const servers = this.#connection.cluster?.slots.flatMap((of) => of[0] ?? []) ?? [];
    return servers[Math.floor(Math.random() * servers.length)] ?? null;
  }
}

function writeWord({ kind, epoch, id, from }: NodeWord): string {
  return `${kind} ${epoch} ${id} ${from}`;
}

/** Null for what no node says. */
function readWord(text: string): NodeWord | null {
  const { kind, epoch, id, from } =
    /^(?<kind>taken|freed) (?<epoch>\d+) (?<id>\S+) (?<from>.+)$/.exec(text)?.groups ?? {};
  if (kind === undefined || id === undefined || from === undefined) return null;
  return { kind: kind === 'taken' ? kind : 'freed', epoch: Number(epoch), id, from };
}
