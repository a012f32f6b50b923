import { describe, expect, test } from 'vitest';
import { boardWith } from '../../support/boards.ts';
import { publication } from '../../support/published.ts';
import { harness } from './harness.ts';

const ID = '/v1/realms/default/presence/1001';
const RESOURCE = { realm: 'default', user: '1001' };

/** An API with a board on which a phone and a softphone have published. */
function published() {
  const world = harness();
  const expiresAt = Date.UTC(2026, 10, 22, 12, 1);
  const presence = { basic: 'open', activities: ['busy'], note: 'In a meeting' } as const;
  const publications = [
    publication({ etag: 'tag1', expiresAt, legs: [{ id: 'd1', state: 'early', expiresAt }] }),
    publication({ etag: 'tag2', package: 'presence', expiresAt, presence, busyId: 'b1' }),
  ];
  world.service.boards.set('1001@default', boardWith({ resource: RESOURCE, publications }));
  return world;
}

describe('publications', () => {
  test('are shown with the board, so that it is seen why a lamp is lit', async () => {
    const { call } = published();
    expect((await call('GET', ID)).json.publications).toEqual([
      {
        etag: 'tag1',
        package: 'dialog',
        expiresAt: '2026-11-22T12:01:00.000Z',
        legs: [{ id: 'd1', state: 'early', expiresAt: '2026-11-22T12:01:00.000Z' }],
        presence: null,
      },
      {
        etag: 'tag2',
        package: 'presence',
        expiresAt: '2026-11-22T12:01:00.000Z',
        legs: [],
        presence: { basic: 'open', activities: ['busy'], note: 'In a meeting' },
      },
    ]);
  });

  test('are removed one by one, by entity-tag, or all together', async () => {
    const { call } = published();
    const left = async () =>
      (await call('GET', ID)).json.publications.map(({ etag }: { etag: string }) => etag);
    expect((await call('DELETE', `${ID}/publications?etag=nobody`)).json.changed).toBe(false);
    expect((await call('DELETE', `${ID}/publications?etag=tag1`)).json.changed).toBe(true);
    expect(await left()).toEqual(['tag2']);
    expect((await call('DELETE', `${ID}/publications`)).json.changed).toBe(true);
    expect(await left()).toEqual([]);
  });
});
