/** The most keys that one command gets. */
const LONGEST = 256;

/**
 * Splits positions into groups that one command may touch: on a Cluster those of one bucket, on a single Redis any.
 * `buckets` has the bucket of each position.
 */
export function batches(buckets: readonly number[], cluster: boolean): readonly (readonly number[])[] {
  if (!cluster) return chunks(buckets.keys().toArray(), LONGEST);
  const groups = Map.groupBy(buckets.keys(), (position) => buckets[position]);
  return groups
    .values()
    .flatMap((group) => chunks(group, LONGEST))
    .toArray();
}

/** A list in parts of at most `size`. */
export function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
