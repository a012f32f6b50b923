import { z } from 'zod';

/** What a person must know of one key: what it takes, and what it does (with the unit). */
export interface KeyDoc {
  /** Completes "it must be ...". */
  readonly wanted: string;
  readonly meaning: string;
  /** A further environment variable that sets the same key. */
  readonly alias?: string;
  /** True when the value must not be shown. */
  readonly secret?: true;
}

/** The docs of every key, kept beside its schema: the only place where they are written. */
export const keyDocs = z.registry<KeyDoc>();
