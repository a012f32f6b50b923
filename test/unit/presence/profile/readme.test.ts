import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PHONE_FAMILIES } from '../../../../src/presence/profile/families.ts';
import { phonesTableText } from '../../../support/phones-table.ts';

const ROOT = join(import.meta.dirname, '../../../..');

test("the README's table of phones is that of the profiles: paste what this test expects", () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  expect(/<!-- phones -->\n+([\s\S]*?)\n+<!-- \/phones -->/.exec(readme)?.[1]).toBe(phonesTableText());
});

test('every profile has its fixture', () => {
  const missing = PHONE_FAMILIES.filter(
    ({ profile }) => !existsSync(join(ROOT, 'test/fixture/profile', `${profile.name}.txt`)),
  );
  expect(missing).toEqual([]);
});
