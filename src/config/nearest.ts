/** The word of `words` that takes the fewest edits (Levenshtein) to become `text`: the one that was meant. */
export function nearest(text: string, words: readonly string[]): string {
  const ranked = words.map((word) => ({ word, edits: editsBetween(text, word) }));
  return ranked.reduce((best, one) => (one.edits < best.edits ? one : best)).word;
}

function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const swap = at(row, column - 1) + (one[line - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(swap, at(row, column) + 1, at(next, column - 1) + 1));
    }
    row = next;
  }
  return at(row, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
