/**
 * The tables, as steps: each leads from the version before it to the next, and is never changed again. Text is
 * compared by its UTF-8 octets. `touched_at` is this machine's time of the last write, ms.
 */
const STEPS: readonly string[] = [
  `
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
  `,
  `
    CREATE TABLE callflows (
      realm TEXT NOT NULL,
      id TEXT NOT NULL,
      rev INTEGER NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (realm, id)
    ) STRICT;

    CREATE TABLE seats (
      realm TEXT NOT NULL,
      id TEXT NOT NULL,
      rev INTEGER NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (realm, id)
    ) STRICT;

    CREATE TABLE stamps (
      realm TEXT NOT NULL PRIMARY KEY,
      stamp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE runs (
      number INTEGER PRIMARY KEY,
      realm TEXT NOT NULL,
      callflow TEXT NOT NULL,
      id TEXT NOT NULL,
      record TEXT NOT NULL,
      touched_at INTEGER NOT NULL,
      UNIQUE (realm, callflow, id)
    ) STRICT;
    CREATE INDEX runs_newest ON runs (realm, callflow, number);

    CREATE TABLE claims (
      key TEXT NOT NULL PRIMARY KEY,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE schedules (
      realm TEXT NOT NULL PRIMARY KEY,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  `
    CREATE INDEX subscriptions_in_realm ON subscriptions (realm, user, expires_at);
  `,
  `
    CREATE TABLE lists (
      realm TEXT NOT NULL,
      id TEXT NOT NULL,
      rev INTEGER NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (realm, id)
    ) STRICT;

    CREATE TABLE list_stamps (
      realm TEXT NOT NULL PRIMARY KEY,
      stamp INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  `
    CREATE TABLE users (
      realm TEXT NOT NULL,
      name TEXT NOT NULL,
      md5 TEXT,
      sha256 TEXT,
      PRIMARY KEY (realm, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE secrets (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
];

/** The version of the tables; kept in `user_version`. */
export const SCHEMA_VERSION = STEPS.length;

/** The statements that lead from a version to `SCHEMA_VERSION`; 0: there is nothing yet. */
export function stepsFrom(version: number): string {
  return STEPS.slice(version).join('\n');
}
