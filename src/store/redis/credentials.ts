import { Fault } from '../../errors.ts';
import type { HashedPassword, StoredCredentials } from '../../ports/credentials.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** SIP users in Redis, one hash for each realm; see the port for what each method gives. */
export class RedisCredentials implements StoredCredentials {
  readonly #connection: Connection;
  readonly #keys: Keys;

  constructor(connection: Connection, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  async find(realm: string, user: string): Promise<HashedPassword | null> {
    const { client } = this.#connection;
    const text = await this.#connection.guard(client.hget(this.#keys.users(realm), user));
    return text === null ? null : readPassword(text);
  }

  async put(realm: string, user: string, { md5, sha256 }: HashedPassword): Promise<void> {
    const { client } = this.#connection;
    const text = `${md5 ?? ''} ${sha256 ?? ''}`;
    await this.#connection.guard(client.hset(this.#keys.users(realm), user, text));
  }

  async remove(realm: string, user: string): Promise<boolean> {
    const { client } = this.#connection;
    return (await this.#connection.guard(client.hdel(this.#keys.users(realm), user))) === 1;
  }

  async nonceSecret(offered: string): Promise<string> {
    const { client } = this.#connection;
    const key = this.#keys.nonceSecret();
    await this.#connection.guard(client.set(key, offered, 'NX'));
    // Whoever was first, it is there now and nobody changes it.
    return (await this.#connection.guard(client.get(key))) ?? offered;
  }
}

/** `<md5> <sha256>`, where what there is not is empty. */
function readPassword(text: string): HashedPassword {
  const match = /^([0-9a-f]{32})? ([0-9a-f]{64})?$/.exec(text);
  if (match === null) {
    throw new Fault('STORE_CORRUPT', 'Cannot read a user: its value is not one of this version');
  }
  return { md5: match[1] ?? null, sha256: match[2] ?? null };
}
