import { Fault } from '../../errors.ts';

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** What SQLite or the file system threw, as a fault. */
export function sqliteFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = resultCode(error);
  if (code === BUSY) {
    return new Fault(
      'DATA_DIR_IN_USE',
      `Cannot open "${path}": another process uses it, set a dataDir (LAMPLIGHTER_DATA_DIR) of its own for each`,
      { cause: error },
    );
  }
  if (code === CORRUPT || code === NOT_A_DATABASE) {
    return new Fault(
      'STORE_CORRUPT',
      `Cannot read "${path}": ${reason}, a file made by Lamplighter is wanted`,
      {
        cause: error,
      },
    );
  }
  return new Fault(
    'STORE_AWAY',
    `Cannot use "${path}": ${reason}, a dataDir (LAMPLIGHTER_DATA_DIR) that can be written is wanted`,
    {
      cause: error,
    },
  );
}

/** True for what SQLite itself threw. */
export function isSqliteError(error: unknown): boolean {
  return resultCode(error) !== null;
}

/** The primary code: the extended ones have more bits. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return Number(error.errcode) & 0xff;
}
