/**
 * Does `work` for each item, `atOnce` at a time: one after the other, a store that is far or busy would make thousands
 * of them wait for thousands of its answers. Ends when all of a group have ended; then rejects if one of them failed.
 */
export async function together<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    const group = items.slice(from, from + atOnce);
    const results = await Promise.allSettled(group.map((item, index) => work(item, from + index)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }
}
