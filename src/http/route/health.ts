import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';
import { problem } from '../problem.ts';
import { answers } from '../responses.ts';

const readiness = z.object({
  store: z.boolean(),
  edge: z.boolean(),
  workers: z
    .boolean()
    .optional()
    .openapi({ description: 'All processes of the machine run; only with several' }),
  servers: z
    .object({ connected: z.int(), of: z.int() })
    .optional()
    .openapi({ description: 'The drachtio-servers: phones of one that is not connected hear nothing' }),
});
type Readiness = Readonly<z.output<typeof readiness>>;

/**
 * `/healthz` (the process runs) and `/readyz` (its store and its edge work, in each worker): open to everyone, they say
 * nothing else. A node with too much load stays ready: it serves its lamps, and its phones would only overload the next one.
 */
export function healthRoutes(app: OpenAPIHono<HttpEnv>, { service, machine }: HttpParts): void {
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
    responses: answers('They do', readiness),
  });
  app.openapi(ready, async (c) => {
    const health: Readiness = machine === null ? service.health() : await machine.health();
    const { store, edge, workers = true } = health;
    if (store && edge && workers) return c.json({ ...health }, 200);
    const missing = [!store && 'the store', !edge && 'the SIP edge', !workers && 'a worker'];
    const away = missing.filter(Boolean).join(' and ');
    return problem(c, 'NOT_READY', `Cannot reach ${away}`, { members: health }) as never;
  });
}
