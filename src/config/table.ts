import type { ConfigRow } from '../config.ts';

/** The README's table of keys in Markdown, without its markers. */
export function configTableText(rows: readonly ConfigRow[]): string {
  const head = ['| key | environment | default | meaning |', '|---|---|---|---|'];
  return [...head, ...rows.map(lineOf)].join('\n');
}

function lineOf(row: ConfigRow): string {
  const names = [row.env, row.alias].filter((name) => name !== undefined);
  return `| \`${row.key}\` | ${names.map((name) => `\`${name}\``).join(', ')} | \`${row.default}\` | ${row.meaning} |`;
}
