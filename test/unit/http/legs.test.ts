import { describe, expect, test } from 'vitest';
import { harness } from './harness.ts';

const ID = '/v1/realms/default/presence/1001';
const LEGS = `${ID}/legs`;

describe('POST legs', () => {
  test('hands the whole event over and gives its leg', async () => {
    const { call, service } = harness();
    const body = {
      id: 'leg-1',
      state: 'early',
      direction: 'recipient',
      callId: 'c1@pbx',
      localTag: 'lt',
      remoteTag: 'rt',
      local: { identity: 'sip:1001@acme.example', target: 'sip:1001@192.0.2.7' },
      remote: {
        identity: 'sip:1002@acme.example',
        display: 'Zoë <3',
        target: 'sip:1002@192.0.2.8',
        restricted: true,
      },
      held: false,
      source: 'pbx1',
      seq: 7,
      expiresIn: 120,
    };
    const { status, json } = await call('POST', LEGS, { body });
    expect(status).toBe(200);
    expect(json).toMatchObject({ leg: 'leg-1', changed: true, lamp: { status: 'ringing', leg: 'leg-1' } });
    expect(service.legEvents).toEqual([body]);
    const [leg] = (await call('GET', ID)).json.legs;
    expect(leg).toMatchObject({
      id: 'leg-1',
      expiresAt: '2026-11-22T12:02:00.000Z',
      remote: { display: 'Zoë <3' },
    });
  });

  test('names the leg after its Call-ID when it has no id, and lives legs.expiresSeconds', async () => {
    const { call, service } = harness({ LAMPLIGHTER_LEGS_EXPIRES_SECONDS: '99' });
    await call('POST', LEGS, { body: { state: 'early', callId: 'c1' } });
    await call('POST', LEGS, { body: { state: 'terminated', callId: 'c1' } });
    expect(service.legEvents.map(({ id, expiresIn }) => [id, expiresIn])).toEqual([
      ['c1', 99],
      ['c1', 99],
    ]);
    expect((await call('GET', ID)).json.legs).toEqual([]);
  });

  test('makes an id when there is nothing to name the leg after', async () => {
    const { call } = harness();
    const one = (await call('POST', LEGS, { body: { state: 'early' } })).json.leg;
    const other = (await call('POST', LEGS, { body: { state: 'early' } })).json.leg;
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
  });

  test.each([
    ['terminated without a name of the leg', { state: 'terminated' }],
    ['a state that RFC 4235 §3.7.1 does not have', { state: 'ringing' }],
    ['a party that is no URI', { state: 'early', remote: { identity: '1002' } }],
    ['a seq below 0', { state: 'early', seq: -1 }],
    ['a life of more than a week', { state: 'early', expiresIn: 604_801 }],
  ])('refuses %s with 422', async (_, body) => {
    const { call, service } = harness();
    expect((await call('POST', LEGS, { body })).json).toMatchObject({ status: 422, code: 'BODY_INVALID' });
    expect(service.legEvents).toEqual([]);
  });
});

describe('DELETE legs', () => {
  const leg = (id: string, source: string) => ({ body: { id, state: 'confirmed', source } });

  test('ends one leg by its id, with escapes', async () => {
    const { call } = harness();
    await call('POST', LEGS, leg('a/b@c', 'pbx1'));
    expect((await call('DELETE', `${LEGS}/a%2Fb%40c`)).json).toMatchObject({
      changed: true,
      lamp: { status: 'idle' },
    });
    expect((await call('DELETE', `${LEGS}/a%2Fb%40c`)).json).toMatchObject({ changed: false });
  });

  test('drops the legs of one source and keeps those of others', async () => {
    const { call } = harness();
    await call('POST', LEGS, leg('l1', 'pbx1'));
    await call('POST', LEGS, leg('l2', 'pbx2'));
    await call('DELETE', `${LEGS}?source=pbx1`);
    expect((await call('GET', ID)).json.legs.map((one: { id: string }) => one.id)).toEqual(['l2']);
  });

  test('drops the legs of one source in the whole realm', async () => {
    const { call } = harness();
    await call('POST', LEGS, leg('l1', 'pbx1'));
    await call('POST', '/v1/realms/default/presence/1002/legs', leg('l2', 'pbx1'));
    await call('POST', '/v1/realms/acme.example/presence/1002/legs', leg('l3', 'pbx1'));
    expect((await call('DELETE', '/v1/realms/default/legs?source=pbx1')).json).toEqual({ changed: 2 });
    expect((await call('GET', '/v1/realms/acme.example/presence/1002')).json.legs).toHaveLength(1);
  });

  test('never drops all legs because the source was forgotten', async () => {
    const { call } = harness();
    expect((await call('DELETE', LEGS)).json).toMatchObject({ status: 400, code: 'PARAMETER_INVALID' });
    expect((await call('DELETE', '/v1/realms/default/legs?source=')).json.code).toBe('PARAMETER_INVALID');
  });
});

describe('POST actions/manual_presence', () => {
  const PATH = '/v1/realms/default/actions/manual_presence';

  test('takes the data of a Kazoo block as it is; status is idle when absent', async () => {
    const { call } = harness();
    const data = { presence_id: 'Night', status: 'busy', skip_module: false, id: 'x' };
    expect((await call('POST', PATH, { body: data })).json).toMatchObject({
      id: 'night',
      realm: 'default',
      lamp: { status: 'busy' },
    });
    const idle = await call('POST', PATH, { body: { presence_id: 'night' } });
    expect(idle.json).toMatchObject({ changed: true, lamp: { status: 'idle' } });
  });

  test('an ID may be a number and may name its realm', async () => {
    const { call } = harness();
    const post = async (presence_id: unknown) =>
      (await call('POST', PATH, { body: { presence_id, status: 'ringing' } })).json;
    expect(await post(1001)).toMatchObject({ id: '1001', realm: 'default' });
    expect(await post('1001@sip.acme.example')).toMatchObject({ id: '1001', realm: 'acme.example' });
    expect(await post('1001@nowhere.example')).toMatchObject({ status: 404, code: 'REALM_UNKNOWN' });
    expect(await post('')).toMatchObject({ status: 400, code: 'PRESENCE_ID_INVALID' });
  });

  test.each([{}, { presence_id: null }, { presence_id: '1', status: 'on' }])(
    'refuses %j with 422',
    async (body) => {
      const { call } = harness();
      expect((await call('POST', PATH, { body })).json).toMatchObject({ status: 422, code: 'BODY_INVALID' });
    },
  );
});
