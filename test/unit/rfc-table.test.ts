import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ELSEWHERE, RFCS, rfcTables } from '../support/rfc-table.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The RFCs that are promised to have a row. */
const PROMISED = [
  3261, 3581, 3842, 3856, 3857, 3858, 3863, 3903, 4235, 4480, 4662, 5626, 5839, 6446, 6665, 7616, 8760,
];

test("the README's tables of RFCs are those of the data: paste what rfcTables() gives", () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  expect(/<!-- rfc -->\n+([\s\S]*?)\n+<!-- \/rfc -->/.exec(readme)?.[1]).toBe(rfcTables());
});

test('every RFC has one row, in order', () => {
  const numbers = RFCS.map(({ rfc }) => rfc);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
  expect(numbers).toEqual(expect.arrayContaining(PROMISED));
});

test.each(RFCS.flatMap(({ rfc, tests }) => tests.map((file) => ({ rfc, file }))))(
  '$file exists and names RFC $rfc',
  ({ rfc, file }) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(new RegExp(`RFC ${rfc}\\b`));
  },
);

test('what is not implemented has no test, and what has none is not implemented', () => {
  for (const { rfc, implemented, tests } of RFCS)
    expect(tests.length === 0, `${rfc}`).toBe(implemented === 'not yet');
});

test('files that other clauses are left to exist', () => {
  for (const { where } of ELSEWHERE) {
    for (const [, file = ''] of where.matchAll(/`([^`]+)`/g))
      expect(existsSync(join(ROOT, file)), file).toBe(true);
  }
});
