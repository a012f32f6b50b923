import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, onResource } from '../place.ts';
import { answers } from '../responses.ts';
import { presenceParams, watchersAnswer } from '../schema.ts';
import { watcherJson } from '../view.ts';

/** `GET presence/{id}/watchers`: who watches. */
export function watchersRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/realms/{realm}/presence/{id}/watchers',
    summary: 'The live subscriptions of a presence ID',
    middleware: [inRealm(parts), onResource(parts)],
    request: { params: presenceParams },
    responses: answers('The watchers', watchersAnswer),
  });
  app.openapi(route, async (c) => {
    const records = await parts.service.watchers(c.get('resource'));
    return c.json({ items: records.map(watcherJson) }, 200);
  });
}
