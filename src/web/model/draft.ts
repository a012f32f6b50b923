import type { Callflow } from '../../callflow/callflow.ts';

/** What is edited of a callflow: all but where it is stored. */
export type Draft = Omit<Callflow, 'id' | 'realm' | 'rev'>;

/** A callflow that nobody has drawn yet. */
export const EMPTY_DRAFT: Draft = {
  name: 'New callflow',
  numbers: [],
  patterns: [],
  seat: null,
  flow: null,
  schedule: [],
  rest: {},
};

/** The part of a callflow that is edited. */
export function draftOf({ id: _id, realm: _realm, rev: _rev, ...draft }: Callflow): Draft {
  return draft;
}

/** A copy that nobody reaches yet: no extensions, numbers or patterns, and it does not run by itself. */
export function copyOf(draft: Draft): Draft {
  return { ...draft, name: `${draft.name} copy`, numbers: [], patterns: [], schedule: [] };
}

/** True when nothing differs, in whatever order the keys of objects are. */
export function sameDraft(one: Draft, other: Draft): boolean {
  return isSame(one, other);
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]));
}
