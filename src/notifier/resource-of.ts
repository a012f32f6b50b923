import { realmOf } from '../presence/realm.ts';
import { makeResource, type Resource } from '../presence/resource.ts';
import type { Target } from '../sip/target.ts';
import type { NotifierState } from './state.ts';

/** The resource that a request is about; null when it is not one of ours (404). */
export function resourceOf(state: NotifierState, target: Target | null): Resource | null {
  const { realms, userCase } = state.parts.options;
  if (target === null) return null;
  const realm = realmOf(target.host, realms);
  return realm === null ? null : makeResource(target.user, realm, userCase);
}
