import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Seat } from '../../callflow/callflow.ts';
import { parseResource } from '../../presence/resource.ts';
import { seatAnswer, seatBody, seatListAnswer, seatParams } from '../callflow-schema.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm } from '../place.ts';
import { problem } from '../problem.ts';
import { answers, jsonBody } from '../responses.ts';
import { realmParams } from '../schema.ts';

const ALL = '/v1/realms/{realm}/seats';
const ONE = '/v1/realms/{realm}/seats/{seatId}';

/** Whom callflows can be assigned to. */
export function seatRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { callflows } = parts;
  const middleware = [inRealm(parts)];

  const list = createRoute({
    method: 'get',
    path: ALL,
    summary: 'The seats of a realm, by name',
    middleware,
    request: { params: realmParams },
    responses: answers('All of them', seatListAnswer),
  });
  app.openapi(list, async (c) =>
    c.json({ seats: (await callflows.seats(c.get('realm'))).map(seatJson) }, 200),
  );

  const create = createRoute({
    method: 'post',
    path: ALL,
    summary: 'Create a seat',
    middleware,
    request: { params: realmParams, body: jsonBody(seatBody) },
    responses: { ...answers('Unused', seatAnswer), 201: created },
  });
  app.openapi(create, async (c) => {
    const seat = { ...c.req.valid('json'), id: parts.newId(), realm: c.get('realm'), rev: 0 };
    return store(c, parts, { seat, status: 201 }) as never;
  });

  const save = createRoute({
    method: 'put',
    path: ONE,
    summary: 'Save a seat; the body carries the rev it was read at',
    middleware,
    request: { params: seatParams, body: jsonBody(seatBody) },
    responses: answers('As it is stored', seatAnswer),
  });
  app.openapi(save, async (c) => {
    const seat = { ...c.req.valid('json'), id: c.req.valid('param').seatId, realm: c.get('realm') };
    if (seat.rev === 0) return problem(c, 'STALE_REV', 'rev must be the one the seat was read at') as never;
    return store(c, parts, { seat, status: 200 }) as never;
  });

  const remove = createRoute({
    method: 'delete',
    path: ONE,
    summary: 'Delete a seat',
    middleware,
    request: { params: seatParams },
    responses: { 204: { description: 'It is gone' } },
  });
  app.openapi(remove, async (c) => {
    const result = await callflows.removeSeat(c.get('realm'), c.req.valid('param').seatId);
    return result === 'ok'
      ? c.body(null, 204)
      : (problem(c, 'SEAT_UNKNOWN', 'There is no such seat') as never);
  });
}

const created = {
  description: 'As it is stored',
  content: { 'application/json': { schema: seatAnswer } },
} as const;

async function store(
  c: Context<HttpEnv>,
  { callflows, config }: HttpParts,
  { seat, status }: { readonly seat: Seat; readonly status: 200 | 201 },
): Promise<Response> {
  const { presenceId } = seat;
  if (presenceId !== '' && parseResource(presenceId, seat.realm, config.sip.userCase) === null) {
    return problem(c, 'PRESENCE_ID_INVALID', `"${presenceId}" must be a user part or user@realm`);
  }
  const result = await callflows.saveSeat(seat);
  if (result === 'gone') return problem(c, 'SEAT_UNKNOWN', 'There is no such seat');
  if (result === 'stale')
    return problem(c, 'STALE_REV', 'Somebody saved it meanwhile: read it again before saving');
  return c.json(seatJson({ ...seat, rev: seat.rev + 1 }), status);
}

function seatJson({ id, name, extension, presenceId, rev }: Seat) {
  return { id, name, extension, presenceId, rev };
}
