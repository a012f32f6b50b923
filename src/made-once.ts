/**
 * The same function, called once for each key while the results of at most `most` keys are kept; then all are forgotten,
 * so that keys which strangers choose cannot fill the memory. Results are shared: immutable.
 */
export function madeOnce<Result>(make: (key: string) => Result, most: number): (key: string) => Result {
  const made = new Map<string, Result>();
  return (key) => {
    const known = made.get(key);
    // A result may be undefined; a second look is for the few that are not known.
    if (known !== undefined || made.has(key)) return known as Result;
    if (made.size >= most) made.clear();
    const result = make(key);
    made.set(key, result);
    return result;
  };
}
