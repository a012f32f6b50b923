import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HashedPassword, StoredCredentials } from '../../ports/credentials.ts';
import type { GroupCommit } from './group-commit.ts';

/** SIP users in the database; see the port for what each method gives. */
export class EmbeddedCredentials implements StoredCredentials {
  readonly #group: GroupCommit;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#statements = prepare(database);
  }

  async find(realm: string, user: string): Promise<HashedPassword | null> {
    const row = this.#group.read(() => this.#statements.find.get(realm, user));
    return row === undefined ? null : { md5: textOf(row.md5), sha256: textOf(row.sha256) };
  }

  async put(realm: string, user: string, { md5, sha256 }: HashedPassword): Promise<void> {
    await this.#group.run(() => this.#statements.put.run(realm, user, md5, sha256));
  }

  remove(realm: string, user: string): Promise<boolean> {
    return this.#group.run(() => this.#statements.remove.run(realm, user).changes === 1);
  }

  nonceSecret(offered: string): Promise<string> {
    return this.#group.run(() => {
      this.#statements.offerSecret.run(NONCES, offered);
      return String(this.#statements.secret.get(NONCES)?.value);
    });
  }
}

/** The name of the one secret. */
const NONCES = 'nonces';

function prepare(database: DatabaseSync): Record<Name, StatementSync> {
  return {
    find: database.prepare('SELECT md5, sha256 FROM users WHERE realm = ? AND name = ?'),
    put: database.prepare(
      `INSERT INTO users (realm, name, md5, sha256) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET md5 = excluded.md5, sha256 = excluded.sha256`,
    ),
    remove: database.prepare('DELETE FROM users WHERE realm = ? AND name = ?'),
    offerSecret: database.prepare('INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    secret: database.prepare('SELECT value FROM secrets WHERE name = ?'),
  };
}

type Name = 'find' | 'put' | 'remove' | 'offerSecret' | 'secret';

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
