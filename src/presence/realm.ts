/** How SIP domain names become realms. */
export interface RealmRules {
  /** Realm name to its aliases. Empty: every domain name is a realm of its own. */
  readonly realms: Readonly<Record<string, readonly string[]>>;
  /** Our own name in Contacts, if one is set: it means the default realm. */
  readonly external: string;
}

/** The realm of everything that has no domain name of its own. */
export const DEFAULT_REALM = 'default';

/**
 * The realm that a host in a URI means; null when the list of realms is fixed and the host is not on it.
 * An IP literal, `localhost` and our own name mean `default`.
 */
export function realmOf(host: string, rules: RealmRules): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  const listed = Object.keys(rules.realms);
  const found = listed.find((realm) => isNamed(realm, rules.realms[realm] ?? [], name));
  if (found !== undefined) return found.toLowerCase();
  const realm = isOurs(name, rules) ? DEFAULT_REALM : name;
  return listed.length === 0 || listed.includes(realm) ? realm : null;
}

function isNamed(realm: string, aliases: readonly string[], name: string): boolean {
  return realm.toLowerCase() === name || aliases.some((alias) => alias.toLowerCase() === name);
}

function isOurs(name: string, rules: RealmRules): boolean {
  return name === '' || name === 'localhost' || name === rules.external.toLowerCase() || isAddress(name);
}

function isAddress(name: string): boolean {
  return name.includes(':') || name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}
