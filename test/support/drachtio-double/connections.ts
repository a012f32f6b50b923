import type { ByteString } from '../../../src/sip/message.ts';
import { parseUri, unescapeUri } from '../../../src/sip/uri.ts';
import type { Hop } from './sip-port.ts';

/** The cache of connections by `user@host` of a Contact, of any tenant: refreshes over a stream fill it, the last one wins. */
export class Connections {
  readonly #held = new Map<string, { readonly hop: Hop; readonly until: number }>();

  /** A refresh was answered 2xx with this Expires (seconds). */
  keep(target: ByteString, hop: Hop, expires: number): void {
    if (hop.protocol === 'udp') return;
    if (expires > 0) this.#held.set(cacheKey(target), { hop, until: Date.now() + expires * 1000 });
    else this.#held.delete(cacheKey(target));
  }

  find(target: ByteString): Hop | null {
    const held = this.#held.get(cacheKey(target));
    return held !== undefined && held.until > Date.now() ? held.hop : null;
  }

  clear(): void {
    this.#held.clear();
  }
}

function cacheKey(target: ByteString): string {
  const uri = parseUri(target);
  return `${unescapeUri(uri?.user ?? '')}@${uri?.host}`;
}
