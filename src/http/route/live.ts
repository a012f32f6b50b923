import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { boardStream } from '../board-stream.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm } from '../place.ts';
import { answers } from '../responses.ts';
import { realmParams } from '../schema.ts';

/** `GET live`: the boards of a realm as server-sent events. */
export function liveRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { service, stopping, heartbeatMs, metrics } = parts;
  const route = createRoute({
    method: 'get',
    path: '/v1/realms/{realm}/live',
    summary:
      'Server-sent events: `board` for each board that is there, `ready`, then `board` for each change',
    middleware: [inRealm(parts)],
    request: { params: realmParams },
    responses: {
      ...answers('', z.object({})),
      200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } },
    },
  });
  app.openapi(route, async (c) => {
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    // A stream that nobody reads would never be cancelled.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers) as never;
    const ended = () => metrics.liveStreams.dec();
    metrics.liveStreams.inc();
    const stream = await boardStream({ service, realm: c.get('realm'), stopping, heartbeatMs, ended });
    return c.body(stream, 200, headers) as never;
  });
}
