/** User parts in the order of their UTF-8 octets. */
export interface UserPage {
  readonly users: readonly string[];
  /** Where the next page begins: after this one; null at the end. */
  readonly next: string | null;
}

/** At most `limit` user parts of two pages that began at the same place, each once. */
export function mergePages(one: UserPage, other: UserPage, limit: number): UserPage {
  const all = [...new Set([...one.users, ...other.users])].sort(byOctets);
  const ends = [one.next, other.next].filter((end) => end !== null).sort(byOctets);
  // What follows the end of a page may lack some of that page's table.
  const [end = null] = ends;
  const whole = end === null ? all : all.filter((user) => byOctets(user, end) <= 0);
  const users = whole.slice(0, limit);
  const isLast = end === null && users.length === all.length;
  return { users, next: isLast ? null : (users.at(-1) ?? end) };
}

/** Compares as UTF-8 would be: by code points, where `<` compares UTF-16 units. */
function byOctets(one: string, other: string): number {
  for (let index = 0; ; index += 1) {
    const [left = -1, right = -1] = [one.codePointAt(index), other.codePointAt(index)];
    if (left !== right || left === -1) return left - right;
  }
}
