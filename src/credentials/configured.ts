import type { Credentials, HashedPassword } from '../ports/credentials.ts';

/** Realm to user to what is kept of the password, as the configuration has it. */
export type ConfiguredUsers = Readonly<
  Record<
    string,
    Readonly<Record<string, { readonly md5?: string | undefined; readonly sha256?: string | undefined }>>
  >
>;

/** The users of the configuration. */
export function configuredCredentials(users: ConfiguredUsers): Credentials {
  const known = new Map<string, HashedPassword>();
  for (const [realm, names] of Object.entries(users)) {
    for (const [name, { md5, sha256 }] of Object.entries(names)) {
      const password = { md5: md5?.toLowerCase() ?? null, sha256: sha256?.toLowerCase() ?? null };
      known.set(`${realm}\n${name}`, password);
    }
  }
  return { find: async (realm, user) => known.get(`${realm}\n${user}`) ?? null };
}
