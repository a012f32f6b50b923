import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv, HttpParts } from '../env.ts';

/**
 * `/metrics` in the text format of Prometheus. Any token of the API may read it: it counts, and names no realm
 * or presence ID.
 */
export function metricsRoute(app: OpenAPIHono<HttpEnv>, { metrics, machine }: HttpParts): void {
  const { registry } = metrics;
  app.get('/metrics', async (c) =>
    c.body(await (machine ?? registry).metrics(), 200, { 'content-type': registry.contentType }),
  );
}
