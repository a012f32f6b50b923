import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configTableText } from '../../../src/config/table.ts';
import { configTable } from '../../../src/config.ts';
import { faultCatalogue } from '../../../src/errors.ts';
import { metricsTableText } from '../../../src/metrics.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** What stands in the README between `<!-- name -->` and `<!-- /name -->`. */
function between(name: string): string {
  return (
    new RegExp(`<!-- ${name} -->\n+([^]*?)\n+<!-- /${name} -->`).exec(readme)?.[1] ??
    `no <!-- ${name} --> in README.md`
  );
}

test('the README\'s table of keys is that of the code: paste what "npx lamplighter check --table" prints', () => {
  expect(between('config')).toBe(configTableText(configTable()));
});

test("the README's table of metrics is that of the code: paste what metricsTableText() gives", async () => {
  expect(between('metrics')).toBe(await metricsTableText());
});

test("the README's table of faults is that of the code", () => {
  const rows = Object.entries(faultCatalogue).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  expect(between('faults')).toBe(['| code | means |', '|---|---|', ...rows].join('\n'));
});
