import type { Flow } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import { parseUri, unescapeUri } from '../../sip/uri.ts';

/** A place in drachtio-server's cache: the user and host of a Contact, whoever's they are. */
export interface CacheKey {
  /** Name of the server. */
  readonly server: string;
  /** The URI of the Contact. */
  readonly target: ByteString;
}

/** ms between two lookings for what has expired; until then it is held, but counts for nothing. */
const FORGET_MS = 1000;

interface Held {
  readonly remote: string;
  readonly until: number;
}

/**
 * A picture of the cache in which drachtio-server looks, by `user@host` of the Request-URI alone, for the connection of a NOTIFY
 * outside a dialog, before it looks at `proxy` or Route. It fills it when a refresh over a stream is answered
 * 2xx. Two tenants with the same private address and extension share a place: the last one gets the NOTIFYs of both.
 */
export class ConnectionCache {
  /** Oldest first. */
  readonly #held = new Map<string, Held>();
  #forgetAt = Number.NEGATIVE_INFINITY;

  /** A refresh that came over `flow` was answered 2xx with this Expires (seconds). */
  learn(
    key: CacheKey,
    flow: Flow,
    { now, expires }: { readonly now: number; readonly expires: number },
  ): void {
    this.#forget(now);
    if (flow.transport === 'udp') return;
    const name = nameOf(key);
    this.#held.delete(name);
    if (expires > 0) this.#held.set(name, { remote: remoteOf(flow), until: now + expires * 1000 });
  }

  /** True if a NOTIFY for a phone on `flow` would go to another connection. */
  misleads(key: CacheKey, flow: Flow, now: number): boolean {
    const held = this.#held.get(nameOf(key));
    return held !== undefined && held.until > now && held.remote !== remoteOf(flow);
  }

  /** Now and then: each time the first must be looked for behind the places of all that have moved to the end. */
  #forget(now: number): void {
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + FORGET_MS;
    for (const [name, { until }] of this.#held) {
      if (until > now) break;
      this.#held.delete(name);
    }
  }
}

function nameOf({ server, target }: CacheKey): string {
  const uri = parseUri(target);
  return uri === null ? `${server} ${target}` : `${server} ${unescapeUri(uri.user ?? '')}@${uri.host}`;
}

function remoteOf({ transport, remoteAddress, remotePort }: Flow): string {
  // drachtio-server says `tcp` for a WebSocket.
  const kind = transport === 'udp' ? 'udp' : 'stream';
  return `${kind} ${remoteAddress} ${remotePort}`;
}
