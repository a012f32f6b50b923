import type { Callflow, Seat } from '../callflow/callflow.ts';
import type { RunRecord } from '../callflow/run.ts';
import type { ResourceList } from '../presence/resource-list.ts';

/** What the stores keep as JSON text. */
export interface Documents {
  readonly callflow: Callflow;
  readonly seat: Seat;
  readonly list: ResourceList;
  readonly run: RunRecord;
}

/** A document as both stores keep it. */
export function writeDocument(document: Documents[keyof Documents]): string {
  return JSON.stringify(document);
}

/** The document in a stored text; null when the text is not one of its kind. */
export function readDocument<K extends keyof Documents>(kind: K, text: string): Documents[K] | null {
  const value = parse(text);
  if (value === null || !Object.entries(FIELDS[kind]).every(([name, is]) => is(value[name]))) return null;
  // Checked just above: what is not checked there was written by `writeDocument` together with what is.
  return value as unknown as Documents[K];
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';

/** The fields by which each kind is known. */
const FIELDS: Readonly<Record<keyof Documents, Readonly<Record<string, Check>>>> = {
  callflow: {
    id: isText,
    name: isText,
    realm: isText,
    numbers: Array.isArray,
    patterns: Array.isArray,
    schedule: Array.isArray,
    rev: Number.isSafeInteger,
  },
  seat: {
    id: isText,
    name: isText,
    realm: isText,
    extension: isText,
    presenceId: isText,
    rev: Number.isSafeInteger,
  },
  list: { id: isText, name: isText, realm: isText, members: Array.isArray, rev: Number.isSafeInteger },
  run: { id: isText, callflowId: isText, realm: isText, startedAt: Number.isFinite, steps: Array.isArray },
};

/** The object in a JSON text, null when it is none. A key `__proto__` in it stays a key like any other. */
function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null;
  } catch {
    return null;
  }
}
