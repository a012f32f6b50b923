import { describe, expect, test } from 'vitest';
import { headersOf } from '../../../../src/sip/message.ts';
import { TARGET_NAME } from '../../../support/drachtio-target.ts';
import { type App, eachRig, RESOURCE, type Rig } from './rig.ts';

const CHALLENGES = ['www-authenticate', `Digest a="${'x'.repeat(80)}"`, 'www-authenticate', 'Digest b="y"'];

describe(`an answer to an unproven SUBSCRIBE, on ${TARGET_NAME}`, () => {
  let rig: Rig;
  let one: App;

  eachRig((opened, app) => {
    rig = opened;
    one = app;
  });

  /** A SUBSCRIBE with so many octets besides what it must have; gives the challenges of its 401, and both lengths. */
  async function challenged(padding: number, challenges: readonly string[] = CHALLENGES) {
    const phone = await rig.phone('udp');
    one.app.onRequest = (request) => {
      one.edge.respond(request, { status: 401, headers: challenges, unproven: true });
    };
    const headers = ['event', 'dialog', 'x-padding', '.'.repeat(padding)];
    const text = phone.write({ method: 'SUBSCRIBE', uri: RESOURCE, headers });
    phone.send(text);
    const response = await phone.responses.next();
    expect(response.status).toBe(401);
    return {
      challenges: headersOf(response, 'www-authenticate').map((value) => value.slice(0, 8)),
      asked: text.length,
      answered: phone.texts[0]?.length ?? 0,
    };
  }

  test.each([
    [400, ['Digest a', 'Digest b']],
    [60, ['Digest b']],
  ])(
    'has the challenges that are not longer than it: %i octets more than it needs',
    async (padding, names) => {
      const { challenges, asked, answered } = await challenged(padding);
      expect(challenges).toEqual(names);
      expect(answered).toBeLessThanOrEqual(asked);
      expect(one.counts.get('unproven')).toBeUndefined();
    },
  );

  test('comes all the same when not even one challenge fits, and is counted', async () => {
    const long = ['www-authenticate', `Digest c="${'x'.repeat(600)}"`, 'retry-after', '5'];
    // drachtio-server would wait for an answer that does not come.
    expect((await challenged(0, long)).challenges).toEqual(['Digest c']);
    expect(one.counts.get('unproven')).toBe(1);
  });
});
