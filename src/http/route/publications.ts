import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, onResource } from '../place.ts';
import { answers } from '../responses.ts';
import { etagQuery, presenceParams, publishAnswer } from '../schema.ts';
import { publishJson } from '../view.ts';

/** `DELETE publications`: what phones have published (RFC 3903) and an operator does not want to see any more. */
export function publicationRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const remove = createRoute({
    method: 'delete',
    path: '/v1/realms/{realm}/presence/{id}/publications',
    summary:
      'Remove what phones have published of a presence ID; a phone that still means it publishes it anew',
    middleware: [inRealm(parts), onResource(parts)],
    request: { params: presenceParams, query: etagQuery },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(remove, async (c) => {
    const resource = c.get('resource');
    const result = await parts.service.dropPublications(resource, c.req.valid('query').etag ?? null);
    return c.json(publishJson(resource, result, { caller: c.get('caller'), lamps: parts.service }), 200);
  });
}
