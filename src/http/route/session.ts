import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Transport } from '../../ports/edge.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { answers } from '../responses.ts';

const sessionAnswer = z
  .object({
    realms: z.array(z.string()).openapi({ description: 'Realms of the token; `*`: all' }),
    access: z.enum(['read', 'write']),
    sip: z.object({
      wsPort: z.int().nullable(),
      wssPort: z.int().nullable().openapi({ description: 'For pages that were loaded over https' }),
      digest: z.boolean().openapi({ description: 'SIP wants a user and a password' }),
    }),
  })
  .openapi('Session');

/** `GET /v1/session`: what the page may show to whoever has this token. */
export function sessionRoute(app: OpenAPIHono<HttpEnv>, { listening, config }: HttpParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/session',
    summary: 'What this token allows, and where SIP over WebSocket is',
    responses: answers('The session', sessionAnswer),
  });
  app.openapi(route, (c) => {
    const caller = c.get('caller');
    const portOf = (wanted: Transport) =>
      listening().find(({ transport }) => transport === wanted)?.port ?? null;
    const [wsPort, wssPort] = [portOf('ws'), portOf('wss')];
    const digest = config.auth.mode === 'digest';
    const access: 'read' | 'write' = caller.canWrite ? 'write' : 'read';
    return c.json({ realms: [...caller.grants], access, sip: { wsPort, wssPort, digest } }, 200);
  });
}
