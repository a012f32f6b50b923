import { expect, test } from 'vitest';
import { newIds } from '../../src/new-ids.ts';

test('newIds() gives 16 hexadecimal digits, never the same twice', () => {
  const newId = newIds();
  // More than are fetched at once.
  const ids = Array.from({ length: 2_000 }, newId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(ids).size).toBe(2_000);
});
