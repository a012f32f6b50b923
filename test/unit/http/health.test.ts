import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/errors.ts';
import { harness } from './harness.ts';

describe('/readyz', () => {
  test('answers 200 while store and edge work', async () => {
    const { call } = harness();
    expect((await call('GET', '/readyz')).json).toEqual({ store: true, edge: true });
  });

  test('tells how many of the servers of the edge are connected, and no name of them', async () => {
    const { call, service } = harness();
    service.healthy = { store: true, edge: true, servers: { connected: 1, of: 2 } };
    const answer = await call('GET', '/readyz');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(service.healthy);
  });

  test.each([
    [{ store: false, edge: true }, 'Cannot reach the store'],
    [{ store: true, edge: false }, 'Cannot reach the SIP edge'],
    [{ store: false, edge: false }, 'Cannot reach the store and the SIP edge'],
  ])('answers 503 for %j and says which one', async (healthy, detail) => {
    const { call, service } = harness();
    service.healthy = healthy;
    const answer = await call('GET', '/readyz');
    expect(answer.json).toMatchObject({ status: 503, code: 'NOT_READY', detail, ...healthy });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-5]$/);
    expect((await call('GET', '/healthz')).status).toBe(200);
  });
});

describe('/metrics', () => {
  test('counts the requests by method and status', async () => {
    const { call } = harness();
    await call('GET', '/healthz');
    await call('GET', '/nothing');
    const { json } = await call('GET', '/metrics');
    expect(json).toContain('lamplighter_http_requests_total{method="GET",status="200"} 1');
    expect(json).toContain('lamplighter_http_requests_total{method="GET",status="404"} 1');
  });
});

describe('/openapi.json', () => {
  test('is OpenAPI 3.1 and names every path and problem code', async () => {
    const { call } = harness();
    const { json } = await call('GET', '/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths).sort()).toEqual([
      '/healthz',
      '/readyz',
      '/v1/examples',
      '/v1/realms/{realm}/actions',
      '/v1/realms/{realm}/actions/manual_presence',
      '/v1/realms/{realm}/actions/{module}',
      '/v1/realms/{realm}/callflows',
      '/v1/realms/{realm}/callflows/check',
      '/v1/realms/{realm}/callflows/{callflowId}',
      '/v1/realms/{realm}/callflows/{callflowId}/run',
      '/v1/realms/{realm}/callflows/{callflowId}/runs',
      '/v1/realms/{realm}/legs',
      '/v1/realms/{realm}/lists',
      '/v1/realms/{realm}/lists/{listId}',
      '/v1/realms/{realm}/live',
      '/v1/realms/{realm}/presence',
      '/v1/realms/{realm}/presence/{id}',
      '/v1/realms/{realm}/presence/{id}/legs',
      '/v1/realms/{realm}/presence/{id}/legs/{legId}',
      '/v1/realms/{realm}/presence/{id}/messages',
      '/v1/realms/{realm}/presence/{id}/publications',
      '/v1/realms/{realm}/presence/{id}/watchers',
      '/v1/realms/{realm}/seats',
      '/v1/realms/{realm}/seats/{seatId}',
      '/v1/realms/{realm}/users/{user}',
      '/v1/session',
    ]);
    expect(json.components.schemas.Problem.properties.code.enum).toContain('STORE_AWAY');
    expect(json.components.schemas.ManualStatusChange.properties.status.enum).toEqual([
      'idle',
      'ringing',
      'busy',
    ]);
  });
});

describe('faults', () => {
  test('a bug is 500 without its details', async () => {
    const { call, service } = harness();
    service.fault = new Fault('INTERNAL', 'secret details');
    const answer = await call('GET', '/v1/realms/default/presence/1001');
    expect(answer.json).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(answer.json)).not.toContain('secret');
  });

  test('a board that changed too often is 409', async () => {
    const { call, service } = harness();
    service.fault = new Fault('STORE_CONTENDED', 'Cannot change board: it changed 20 times');
    const answer = await call('PUT', '/v1/realms/default/presence/1001', { body: { status: 'busy' } });
    expect(answer.json).toMatchObject({ status: 409, code: 'CHANGE_CONTENDED' });
  });
});
