import { describe, expect, it } from 'vitest';
import { ListLibrary } from '../../../src/notifier/list-library.ts';
import type { ResourceList } from '../../../src/presence/resource-list.ts';

const REALM = 'acme.example';
const DESK: ResourceList = { realm: REALM, id: 'desk', name: '', members: [{ id: '1001' }], rev: 1 };
const unused = () => expect.fail('only read');

describe('the library of lists', () => {
  it('does not keep what was read while this node changed a list', async () => {
    let stored: readonly ResourceList[] = [];
    let stamp = 0;
    let whileReading = () => {};
    const library = new ListLibrary({
      lists: {
        all: async () => {
          const read = stored;
          whileReading();
          return read;
        },
        stamp: async () => stamp,
        ...{ get: unused, save: unused, remove: unused },
      },
      fixed: [],
      world: () => ({ zoneTime: unused, compile: unused, grantedRealms: [] }),
      now: () => 0,
    });
    whileReading = () => {
      stored = [DESK];
      stamp = 1;
      library.forget(REALM);
    };
    expect(await library.find({ realm: REALM, user: 'desk' })).toBeNull();
    whileReading = () => {};
    expect(await library.find({ realm: REALM, user: 'desk' })).toMatchObject({ resource: { user: 'desk' } });
  });
});
