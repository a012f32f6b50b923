import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Fault } from '../../errors.ts';
import { SCHEMA_VERSION, stepsFrom } from './schema.ts';
import { sqliteFault } from './sqlite-fault.ts';

/** How long a start waits for a process that is just ending, in ms. */
const PATIENCE = 1000;

/**
 * Opens `<dataDir>/lamplighter.db` for this process alone, and makes it when it is not there. The lock ends with
 * the process, also after kill -9. DATA_DIR_IN_USE, STORE_CORRUPT or STORE_AWAY (cannot be written).
 */
export function openDatabase(dataDir: string): DatabaseSync {
  const path = join(dataDir, 'lamplighter.db');
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(dataDir, { recursive: true });
    database = new DatabaseSync(path, { timeout: PATIENCE });
    // The order matters: the lock is taken by the first statement after locking_mode that reads the file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    // FULL: a commit is on the disk before it returns.
    database.exec('PRAGMA synchronous = FULL');
    database.exec('BEGIN EXCLUSIVE');
    migrate(database, path);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    throw sqliteFault(error, path);
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION) {
    throw new Fault(
      'STORE_CORRUPT',
      `Cannot open "${path}": it has schema version ${version} of a later Lamplighter, ${SCHEMA_VERSION} is wanted`,
    );
  }
  if (version === SCHEMA_VERSION) return;
  database.exec(stepsFrom(version));
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}
