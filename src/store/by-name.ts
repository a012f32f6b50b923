/** The order in which people look for names: letters whatever their case, numbers by their value; the same on every node. */
const collator = new Intl.Collator('en', { numeric: true });

/** Compares documents by name, those of the same name by id. */
export function byName(one: Named, other: Named): number {
  return collator.compare(one.name, other.name) || (one.id < other.id ? -1 : 1);
}

interface Named {
  readonly id: string;
  readonly name: string;
}
