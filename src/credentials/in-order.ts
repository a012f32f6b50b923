import type { Credentials } from '../ports/credentials.ts';

/** Several sources as one: the first that knows a user counts. */
export function credentialsInOrder(sources: readonly Credentials[]): Credentials {
  return {
    find: async (realm, user) => {
      for (const source of sources) {
        const found = await source.find(realm, user);
        if (found !== null) return found;
      }
      return null;
    },
  };
}
