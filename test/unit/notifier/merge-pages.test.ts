import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePages, type UserPage } from '../../../src/notifier/merge-pages.ts';

/** A page of a table that holds `users`. */
function pageOf(users: readonly string[], after: string | null, limit: number): UserPage {
  const rest = sorted(users).filter(
    (user) => after === null || Buffer.compare(bytes(user), bytes(after)) > 0,
  );
  const page = rest.slice(0, limit);
  return { users: page, next: rest.length > limit ? (page.at(-1) ?? null) : null };
}

const bytes = (text: string) => Buffer.from(text);
const sorted = (users: readonly string[]) =>
  [...new Set(users)].sort((one, other) => Buffer.compare(bytes(one), bytes(other)));

test('mergePages() joins two tables to one: every user part once, by UTF-8 octets, no page too long', () => {
  const table = fc.array(
    fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '\uffee', '\u{1f4a1}'), maxLength: 3 }),
  );
  fc.assert(
    fc.property(table, table, fc.integer({ min: 1, max: 5 }), (one, other, limit) => {
      const all: string[] = [];
      let after: string | null = null;
      do {
        const page: UserPage = mergePages(pageOf(one, after, limit), pageOf(other, after, limit), limit);
        expect(page.users.length).toBeLessThanOrEqual(limit);
        all.push(...page.users);
        after = page.next;
      } while (after !== null);
      expect(all).toEqual(sorted([...one, ...other]));
    }),
  );
});

test('mergePages() goes on after a page of which nothing is left', () => {
  const blank = { users: [], next: 'm' };
  expect(mergePages(blank, { users: ['x'], next: null }, 5)).toEqual({ users: [], next: 'm' });
});
