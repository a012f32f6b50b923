import { describe, expect, test } from 'vitest';
import { cachedCredentials } from '../../../src/credentials/cached.ts';
import type { HashedPassword } from '../../../src/ports/credentials.ts';

const PASSWORD: HashedPassword = { md5: 'a'.repeat(32), sha256: null };

/** A source that a test answers for by hand. */
function bench() {
  const clock = { time: 0, now: () => clock.time };
  const asked: string[] = [];
  const source = { answer: async (): Promise<HashedPassword | null> => PASSWORD };
  const credentials = cachedCredentials(
    {
      find: (realm, user) => {
        asked.push(`${user}@${realm}`);
        return source.answer();
      },
    },
    { clock, freshMs: 1000, unknownMs: 100, staleMs: 5000, most: 2 },
  );
  return { clock, asked, source, find: (user = '1') => credentials.find('a', user) };
}

describe('cachedCredentials()', () => {
  test('asks again when what it knows is old', async () => {
    const { clock, asked, find } = bench();
    expect(await find()).toEqual(PASSWORD);
    clock.time = 999;
    await find();
    expect(asked).toHaveLength(1);
    clock.time = 1000;
    await find();
    expect(asked).toHaveLength(2);
  });

  test('remembers users that are not known for a time of their own', async () => {
    const { clock, asked, find, source } = bench();
    source.answer = async () => null;
    expect([await find(), await find()]).toEqual([null, null]);
    expect(asked).toHaveLength(1);
    clock.time = 100;
    await find();
    expect(asked).toHaveLength(2);
  });

  test('asks one question at a time for each user', async () => {
    const { asked, find } = bench();
    expect(await Promise.all([find(), find(), find('2')])).toEqual([PASSWORD, PASSWORD, PASSWORD]);
    expect(asked).toEqual(['1@a', '2@a']);
  });

  test('goes on with what it knows while the source fails, for a time', async () => {
    const { clock, find, source } = bench();
    await find();
    source.answer = () => Promise.reject(new Error('away'));
    clock.time = 5999;
    expect(await find()).toEqual(PASSWORD);
    clock.time = 6000;
    await expect(find()).rejects.toThrow('away');
    await expect(find('2')).rejects.toThrow('away');
  });

  test('remembers so many users only', async () => {
    const { asked, find } = bench();
    for (const user of ['1', '2', '3', '3', '2', '1']) await find(user);
    expect(asked).toEqual(['1@a', '2@a', '3@a', '1@a']);
  });
});
