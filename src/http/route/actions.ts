import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, refuse, resourceFor } from '../place.ts';
import { answers, jsonBody } from '../responses.ts';
import { manualPresenceBody, publishAnswer, realmParams } from '../schema.ts';
import { publishJson } from '../view.ts';

/** `POST actions/manual_presence`: what a callflow engine posts when a call reaches a Manual Presence block. */
export function actionRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/realms/{realm}/actions/manual_presence',
    summary: 'Run a Manual Presence block with its data as the callflow holds it',
    middleware: [inRealm(parts)],
    request: { params: realmParams, body: jsonBody(manualPresenceBody) },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(route, async (c) => {
    const { presence_id, status } = c.req.valid('json');
    const found = resourceFor(c, presence_id, parts);
    if ('refusal' in found) return refuse(c, found.refusal) as never;
    const result = await parts.service.setManual(found.value, { status });
    return c.json(publishJson(found.value, result, { caller: c.get('caller'), lamps: parts.service }), 200);
  });
}
