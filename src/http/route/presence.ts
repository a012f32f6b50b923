import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ManualChange } from '../../notifier/service.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, onResource } from '../place.ts';
import { answers, jsonBody } from '../responses.ts';
import {
  boardAnswer,
  boardPageAnswer,
  manualBody,
  pageQuery,
  presenceParams,
  publishAnswer,
  realmParams,
} from '../schema.ts';
import { boardJson, publishJson } from '../view.ts';

const ONE = '/v1/realms/{realm}/presence/{id}';

/** `PUT|GET|DELETE presence/{id}` and the list of a realm. */
export function presenceRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { service } = parts;
  const middleware = [inRealm(parts), onResource(parts)];

  const put = createRoute({
    method: 'put',
    path: ONE,
    summary: 'Set the manual status of a presence ID',
    middleware,
    request: { params: presenceParams, body: jsonBody(manualBody) },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(put, async (c) => c.json(await change(c, c.req.valid('json') as ManualChange, parts), 200));

  const remove = createRoute({
    method: 'delete',
    path: ONE,
    summary: 'Take the manual status away: the same as setting idle',
    middleware,
    request: { params: presenceParams },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(remove, async (c) => c.json(await change(c, { status: 'idle' }, parts), 200));

  const get = createRoute({
    method: 'get',
    path: ONE,
    summary: 'What is known of a presence ID; one that was never set is idle',
    middleware,
    request: { params: presenceParams },
    responses: answers('The board', boardAnswer),
  });
  app.openapi(get, async (c) => {
    const { resource, board } = await service.view(c.get('resource'));
    return c.json(boardJson(resource, board, service), 200);
  });

  listRoute(app, parts);
}

function listRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/realms/{realm}/presence',
    summary: 'The presence IDs of a realm that are not idle or that are watched, in pages',
    middleware: [inRealm(parts)],
    request: { params: realmParams, query: pageQuery },
    responses: answers('A page', boardPageAnswer),
  });
  app.openapi(list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const page = await parts.service.list(c.get('realm'), { after: after ?? null, limit });
    const items = page.ids.map(({ resource, board }) => boardJson(resource, board, parts.service));
    return c.json({ items, next: page.next === null ? null : nextPage(c, page.next, limit) }, 200);
  });
}

/** Sets a manual status on the resource of the request and gives what the API answers. */
async function change(c: Context<HttpEnv>, to: ManualChange, { service }: HttpParts) {
  const resource = c.get('resource');
  const result = await service.setManual(resource, to);
  return publishJson(resource, result, { caller: c.get('caller'), lamps: service });
}

function nextPage(c: Context<HttpEnv>, after: string, limit: number): string {
  const path = `/v1/realms/${encodeURIComponent(c.get('realm'))}/presence`;
  return `${path}?${new URLSearchParams({ after, limit: String(limit) })}`;
}
