import type { Clock } from '../ports/clock.ts';
import type { Credentials, HashedPassword } from '../ports/credentials.ts';

export interface CacheOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** How long what was found is used without asking again, in ms. */
  readonly freshMs: number;
  /** The same for a user that is not known. */
  readonly unknownMs: number;
  /** How long after that it is used while the source cannot be asked, in ms. */
  readonly staleMs: number;
  /** Users that are remembered. */
  readonly most: number;
}

interface Entry {
  readonly found: HashedPassword | null;
  readonly askedAt: number;
}

/** A slow source behind a memory: one question at a time for each user, and old answers while it fails. */
export function cachedCredentials(source: Credentials, options: CacheOptions): Credentials {
  const cache = new Map<string, Entry>();
  const asked = new Map<string, Promise<HashedPassword | null>>();

  const isWithin = ({ found, askedAt }: Entry, more: number): boolean => {
    const life = found === null ? options.unknownMs : options.freshMs;
    return options.clock.now() < askedAt + life + more;
  };
  const remember = (key: string, found: HashedPassword | null): void => {
    // Behind the others again, so that the first is always the oldest.
    cache.delete(key);
    const [oldest] = cache.keys();
    if (cache.size >= options.most && oldest !== undefined) cache.delete(oldest);
    cache.set(key, { found, askedAt: options.clock.now() });
  };
  const ask = async (key: string, realm: string, user: string): Promise<HashedPassword | null> => {
    try {
      const found = await source.find(realm, user);
      remember(key, found);
      return found;
    } catch (error) {
      const old = cache.get(key);
      if (old !== undefined && isWithin(old, options.staleMs)) return old.found;
      throw error;
    } finally {
      asked.delete(key);
    }
  };
  return {
    find: async (realm, user) => {
      const key = `${realm}\n${user}`;
      const known = cache.get(key);
      if (known !== undefined && isWithin(known, 0)) return known.found;
      const under = asked.get(key) ?? ask(key, realm, user);
      asked.set(key, under);
      return under;
    },
  };
}
