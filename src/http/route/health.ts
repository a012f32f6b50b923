import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';
import { problem } from '../problem.ts';
import { answers } from '../responses.ts';

/** `/healthz` (the process runs) and `/readyz` (its store and its edge work): open to everyone, they say nothing else. */
export function healthRoutes(app: OpenAPIHono<HttpEnv>, { service }: HttpParts): void {
  const alive = createRoute({
    method: 'get',
    path: '/healthz',
    summary: 'The process runs',
    responses: answers('It does', z.object({ status: z.literal('ok') })),
  });
  app.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200));

  const ready = createRoute({
    method: 'get',
    path: '/readyz',
    summary: 'Store and SIP edge work',
    responses: answers('They do', z.object({ store: z.boolean(), edge: z.boolean() })),
  });
  app.openapi(ready, (c) => {
    const health = service.health();
    if (health.store && health.edge) return c.json({ ...health }, 200);
    const away = [!health.store && 'the store', !health.edge && 'the SIP edge'].filter(Boolean).join(' and ');
    return problem(c, 'NOT_READY', `Cannot reach ${away}`, { members: health }) as never;
  });
}
