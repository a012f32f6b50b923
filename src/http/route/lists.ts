import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ListOutcome, ListRefusal } from '../../notifier/list-service.ts';
import type { ListMember, ResourceList } from '../../presence/resource-list.ts';
import { revQuery } from '../callflow-schema.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { listAnswer, listChange, listCreation, listListAnswer, listParams } from '../list-schema.ts';
import { inRealm } from '../place.ts';
import { problem } from '../problem.ts';
import { answers, jsonBody } from '../responses.ts';
import { realmParams } from '../schema.ts';

const ALL = '/v1/realms/{realm}/lists';
const ONE = '/v1/realms/{realm}/lists/{listId}';

/** Lists of presence IDs that a phone watches with one subscription (RFC 4662). */
export function listRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  readRoutes(app, parts);
  writeRoutes(app, parts);
}

function readRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { lists } = parts;
  const middleware = [inRealm(parts)];

  const all = createRoute({
    method: 'get',
    path: ALL,
    summary: 'The lists of a realm, those of the configuration first, then by name',
    middleware,
    request: { params: realmParams },
    responses: answers('All of them', listListAnswer),
  });
  app.openapi(all, async (c) => c.json({ lists: (await lists.all(c.get('realm'))).map(listJson) }, 200));

  const get = createRoute({
    method: 'get',
    path: ONE,
    summary: 'One list',
    middleware,
    request: { params: listParams },
    responses: answers('The list', listAnswer),
  });
  app.openapi(get, async (c) => {
    const { listId } = c.req.valid('param');
    const found = await lists.get(c.get('realm'), listId);
    return found === null ? (unknown(c, listId) as never) : c.json(listJson(found), 200);
  });
}

function writeRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { lists } = parts;
  const middleware = [inRealm(parts)];

  const create = createRoute({
    method: 'post',
    path: ALL,
    summary: 'Create a list',
    middleware,
    request: { params: realmParams, body: jsonBody(listCreation) },
    responses: { ...answers('Unused', listAnswer), 201: created },
  });
  app.openapi(create, async (c) => {
    const { id, name, members } = c.req.valid('json');
    const draft = { realm: c.get('realm'), id, name, members: membersOf(members), rev: 0 };
    return saved(c, await lists.save(draft), { id, status: 201 }) as never;
  });

  const save = createRoute({
    method: 'put',
    path: ONE,
    summary: 'Save a list; the body carries the rev it was read at. Phones that watch it are told',
    middleware,
    request: { params: listParams, body: jsonBody(listChange) },
    responses: answers('As it is stored', listAnswer),
  });
  app.openapi(save, async (c) => {
    const { listId: id } = c.req.valid('param');
    const { name, members, rev } = c.req.valid('json');
    const draft = { realm: c.get('realm'), id, name, members: membersOf(members), rev };
    return saved(c, await lists.save(draft), { id, status: 200 }) as never;
  });

  const remove = createRoute({
    method: 'delete',
    path: ONE,
    summary: 'Delete a list, if its rev is the one given. Subscriptions to it end',
    middleware,
    request: { params: listParams, query: revQuery },
    responses: { 204: { description: 'It is gone' } },
  });
  app.openapi(remove, async (c) => {
    const { listId: id } = c.req.valid('param');
    const kind = await lists.remove(c.get('realm'), id, c.req.valid('query').rev);
    return (kind === 'ok' ? c.body(null, 204) : refused(c, { kind }, id)) as never;
  });
}

const created = {
  description: 'As it is stored',
  content: { 'application/json': { schema: listAnswer } },
} as const;

function saved(
  c: Context<HttpEnv>,
  outcome: ListOutcome,
  { id, status }: { readonly id: string; readonly status: 200 | 201 },
): Response {
  return outcome.kind === 'saved' ? c.json(listJson(outcome.list), status) : refused(c, outcome, id);
}

function refused(c: Context<HttpEnv>, outcome: ListRefusal, id: string): Response {
  switch (outcome.kind) {
    case 'refused':
      return problem(c, 'LIST_IMPOSSIBLE', outcome.reason);
    case 'stale':
      return problem(c, 'STALE_REV', 'Somebody saved it meanwhile: read it again before saving');
    case 'gone':
      return unknown(c, id);
    case 'fixed':
      return problem(c, 'LIST_FIXED', `"${id}" is in lists.fixed: change it there`);
  }
}

function unknown(c: Context<HttpEnv>, id: string): Response {
  return problem(c, 'LIST_UNKNOWN', `There is no list "${id}" in this realm`);
}

function membersOf(members: z.output<typeof listCreation>['members']): readonly ListMember[] {
  return members.map(({ id, name }) => (name === undefined ? { id } : { id, name }));
}

function listJson({ id, realm, name, members, rev }: ResourceList): z.output<typeof listAnswer> {
  return { id, realm, name, members: [...members], rev };
}
