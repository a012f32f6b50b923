import type { HashedPassword, StoredCredentials } from '../../src/ports/credentials.ts';

/** A table of users in memory, for tests of those who use one. */
export function memoryCredentials(): StoredCredentials {
  const users = new Map<string, HashedPassword>();
  const keyOf = (realm: string, user: string) => `${realm} ${user}`;
  return {
    find: async (realm, user) => users.get(keyOf(realm, user)) ?? null,
    put: async (realm, user, password) => void users.set(keyOf(realm, user), password),
    remove: async (realm, user) => users.delete(keyOf(realm, user)),
    nonceSecret: async (offered) => offered,
  };
}
