/** Grows by one when SCHEMA changes; kept in `user_version`. */
export const SCHEMA_VERSION = 1;

/** The tables. Text is compared by its UTF-8 octets. `touched_at` is this machine's time of the last write, ms. */
export const SCHEMA = `
  CREATE TABLE boards (
    realm TEXT NOT NULL,
    user TEXT NOT NULL,
    board TEXT NOT NULL,
    blank INTEGER NOT NULL,
    deadline INTEGER,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (realm, user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX boards_due ON boards (deadline) WHERE deadline IS NOT NULL;

  CREATE TABLE subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    user TEXT NOT NULL,
    fixed TEXT NOT NULL,
    acked TEXT NOT NULL,
    cseq_ceiling INTEGER NOT NULL,
    version_ceiling INTEGER NOT NULL,
    owner TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX subscriptions_watching ON subscriptions (user, realm, expires_at);
  CREATE INDEX subscriptions_owned ON subscriptions (owner, id);
`;
