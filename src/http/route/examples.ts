import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { documentBody } from '../callflow-schema.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { answers } from '../responses.ts';

/** `GET /v1/examples`: callflows to begin with, for a realm that has none. */
export function examplesRoute(app: OpenAPIHono<HttpEnv>, { examples }: HttpParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/examples',
    summary: 'Callflows to begin with, as documents to create',
    responses: answers('All of them', z.object({ examples: z.array(documentBody) })),
  });
  app.openapi(route, (c) => c.json({ examples: [...examples] }, 200));
}
