/**
 * What is kept of a password: the HA1 of RFC 7616 §3.4.2 by each algorithm, lower case hex; null where there is none.
 * An HA1 is as good as the password in its realm: it is shown to nobody.
 */
export interface HashedPassword {
  readonly md5: string | null;
  readonly sha256: string | null;
}

/** Where passwords of SIP users are looked up. */
export interface Credentials {
  /** What is known of a user, under exactly this name; null: nothing. Rejects when it cannot be found out now. */
  find(realm: string, user: string): Promise<HashedPassword | null>;
}

/** The table of users that the API writes. Durable when a promise resolves; STORE_AWAY rejects it. */
export interface StoredCredentials extends Credentials {
  /** Stores a user, whatever was stored. */
  put(realm: string, user: string, password: HashedPassword): Promise<void>;
  /** Removes a user; false if there was none. */
  remove(realm: string, user: string): Promise<boolean>;
  /** The secret that nonces are signed with: that of whoever asked first, with `offered`, for all nodes and for ever. */
  nonceSecret(offered: string): Promise<string>;
}
