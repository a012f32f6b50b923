import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, makeResource } from '../../../../src/presence/resource.ts';
import { bucketOfId, decodeResource, encodeResource, redisKeys } from '../../../../src/store/redis/keys.ts';
import { slotOf } from '../../../../src/store/redis/slot.ts';

const keys = redisKeys('lamp');
const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

describe('redisKeys()', () => {
  it('builds the names of the tables', () => {
    const resource = { realm: 'acme.example', user: '#30' };
    const tag = `lamp:{b${bucketOf(resource)}}`;
    expect(keys.board(resource)).toBe(`${tag}:board:%2330@acme.example`);
    expect(keys.subscriptions(resource)).toBe(`${tag}:subs:%2330@acme.example`);
    expect(keys.record('b17-x')).toBe('lamp:{b17}:sub:b17-x');
    expect(keys.due(17)).toBe('lamp:{b17}:due');
    expect(keys.seq(17)).toBe('lamp:{b17}:seq');
    expect(keys.channel(17)).toBe('lamp:{b17}');
    expect(keys.realm('acme.example')).toBe('lamp:{realm:acme.example}');
    expect(keys.realms('#30')).toBe('lamp:{user:%2330}:realms');
    expect(keys.watched('acme.example')).toBe('lamp:{realm:acme.example}:watched');
    expect(keys.watchedUntil('acme.example')).toBe('lamp:{realm:acme.example}:watched-until');
    expect(keys.watchStamp('acme.example')).toBe('lamp:{realm:acme.example}:watch-stamp');
    expect(keys.owned('node/1')).toBe('lamp:{node:node%2F1}:owned');
    expect(keys.callflows('acme.example')).toBe('lamp:{realm:acme.example}:callflows');
    expect(keys.stamp('acme.example')).toBe('lamp:{realm:acme.example}:stamp');
    expect(keys.runs('acme.example', 'a/{b}')).toBe('lamp:{realm:acme.example}:runs:a%2F%7Bb%7D');
    expect(keys.seats('a{b}:c')).toBe('lamp:{realm:a%7Bb%7D%3Ac}:seats');
    expect(keys.scheduled('acme.example')).toBe('lamp:{realm:acme.example}:scheduled');
    expect(keys.callflowRealms()).toBe('lamp:{callflow-realms}');
    expect(keys.claim('x {}')).toBe('lamp:{claim:x%20%7B%7D}');
  });

  it('lets no name break the hash tag, and gives every resource a name of its own', () => {
    fc.assert(
      fc.property(part, part, (user, realm) => {
        const resource = makeResource(user, realm, 'sensitive');
        fc.pre(resource !== null);
        const name = encodeResource(resource);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(name).not.toMatch(/[{}/:\u0000-\u0020\u007f-\uffff]/);
        expect(decodeResource(name)).toEqual(resource);
      }),
    );
  });

  it('has all that a script about a callflow touches in one slot, whatever the realm and the id', () => {
    fc.assert(
      fc.property(part, part, (realm, id) => {
        const names = [
          keys.callflows(realm),
          keys.stamp(realm),
          keys.runs(realm, id),
          keys.seats(realm),
          keys.scheduled(realm),
        ];
        expect(new Set(names.map(slotOf)).size).toBe(1);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it.each(['', 'a{b}', 'a b', 'a/b', '*', 'x'.repeat(65)])('refuses the prefix "%s"', (prefix) => {
    expect(() => redisKeys(prefix)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('decodeResource()', () => {
  it.each(['', '@', 'a@', '@a', 'a', 'a@b@c', '%@b', '%zz@b'])('gives null for "%s"', (text) => {
    expect(decodeResource(text)).toBeNull();
  });
});

describe('bucketOfId()', () => {
  it.each([
    ['b0-x', 0],
    ['b17-ab12', 17],
    ['b4095-x', 4095],
    ['b4096-x', null],
    ['b017-x', null],
    ['b17', null],
    ['17-x', null],
    ['b17-x}', null],
    ['b17-', null],
  ])('of "%s" is %s', (id, bucket) => {
    expect(bucketOfId(id)).toBe(bucket);
  });
});
