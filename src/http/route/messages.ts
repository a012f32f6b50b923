import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { MailSummary } from '../../presence/mail-summary.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, onResource } from '../place.ts';
import { answers, jsonBody } from '../responses.ts';
import { mailBody, presenceParams, publishAnswer } from '../schema.ts';
import { publishJson } from '../view.ts';

const MESSAGES = '/v1/realms/{realm}/presence/{id}/messages';

/** `PUT|GET|DELETE messages`: what waits in the mailbox of a presence ID, told by message-summary (RFC 3842). */
export function messageRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const middleware = [inRealm(parts), onResource(parts)];
  const shared = { path: MESSAGES, middleware };

  const put = createRoute({
    ...shared,
    method: 'put',
    summary: 'Say how many messages wait for a presence ID',
    request: { params: presenceParams, body: jsonBody(mailBody) },
    responses: answers('What became of it', publishAnswer),
  });
  // Zod writes absent members as `?: T | undefined`, and never sets one to undefined.
  app.openapi(put, async (c) => c.json(await change(c, c.req.valid('json') as MailSummary, parts), 200));

  const remove = createRoute({
    ...shared,
    method: 'delete',
    summary: 'Forget the mailbox: no messages wait',
    request: { params: presenceParams },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(remove, async (c) => c.json(await change(c, null, parts), 200));

  const get = createRoute({
    ...shared,
    method: 'get',
    summary: 'How many messages wait; null when nobody has said',
    request: { params: presenceParams },
    responses: answers('The mailbox', z.object({ mail: mailBody.nullable() })),
  });
  app.openapi(get, async (c) => {
    const { board } = await parts.service.view(c.get('resource'));
    return c.json({ mail: board?.mail ?? null }, 200);
  });
}

async function change(c: Context<HttpEnv>, mail: MailSummary | null, { service }: HttpParts) {
  const resource = c.get('resource');
  const result = await service.setMail(resource, mail);
  return publishJson(resource, result, { caller: c.get('caller'), lamps: service });
}
