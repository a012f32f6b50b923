/** A presence ID within its realm, in canonical form: this is what a lamp watches. */
export interface Resource {
  /** The realm's name, lower case: a tenant. */
  readonly realm: string;
  /** The user part, decoded; lower case unless the realm keeps case. */
  readonly user: string;
}

/** How the user part of a presence ID is compared. */
export type UserCase = 'insensitive' | 'sensitive';

/** Buckets that resources are spread over: the shard of the tables, the bus channels and the due indexes. */
export const BUCKETS = 4096;

/** The longest user part or realm that is taken, in characters. */
const LONGEST = 128;

/**
 * A resource from a presence ID as people and callflows write it: `user` (then `realm` is used) or `user@realm`.
 * Null when a part is empty, too long, padded with blanks, holds a control character or half a surrogate pair, or there is more than one `@`.
 */
export function parseResource(
  id: string,
  realm: string,
  userCase: UserCase = 'insensitive',
): Resource | null {
  const parts = id.trim().split('@');
  if (parts.length > 2) return null;
  return makeResource(parts[0] ?? '', parts[1] ?? realm, userCase);
}

/** A resource from its parts, in canonical form; null when one of them cannot be a part of a presence ID. */
export function makeResource(
  user: string,
  realm: string,
  userCase: UserCase = 'insensitive',
): Resource | null {
  if (!isPart(user) || !isPart(realm)) return null;
  return { realm: realm.toLowerCase(), user: userCase === 'insensitive' ? user.toLowerCase() : user };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const REFUSED = /[\u0000-\u001f\u007f@]/;

function isPart(text: string): boolean {
  const fits = text.length > 0 && text.length <= LONGEST && text === text.trim();
  return fits && text.isWellFormed() && !REFUSED.test(text);
}

/** `user@realm`: the presence ID in full, also the key of maps. */
export function formatResource(resource: Resource): string {
  return `${resource.user}@${resource.realm}`;
}

/** The bucket of a resource, 0 to 4095: FNV-1a (32 bit) over the UTF-16 units of `user@realm`. */
export function bucketOf(resource: Resource): number {
  const key = formatResource(resource);
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
