/** A table in Markdown; short rows are filled up. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const filled = rows.map((cells) => [...cells, ...columns.slice(cells.length).map(() => '')]);
  return [line(columns), line(columns.map(() => '---')), ...filled.map(line)];
}

/** A number with `digits` after the point, thousands apart; '' for none. */
export function number(value: number, digits = 0): string {
  if (Number.isNaN(value)) return '';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `0.5 x`; '' for none. */
export function times(value: number): string {
  return Number.isNaN(value) ? '' : `${value.toFixed(2)} x`;
}
