import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { CATALOG } from '../../callflow/catalog.ts';
import { documentBody, runAnswer } from '../callflow-schema.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, refuse, resourceFor } from '../place.ts';
import { problem } from '../problem.ts';
import { answers, jsonBody } from '../responses.ts';
import { manualPresenceBody, publishAnswer, realmParams } from '../schema.ts';
import { publishJson, runJson } from '../view.ts';

const ALL = '/v1/realms/{realm}/actions';

/** The blocks that the engine knows, and each of them by itself, for an engine that owns the call. */
export function actionRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  listRoute(app, parts);
  manualPresenceRoute(app, parts);
  anyRoute(app, parts);
}

function listRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'get',
    path: ALL,
    summary: 'The catalogue of actions',
    middleware: [inRealm(parts)],
    request: { params: realmParams },
    responses: answers('In the order to show them', z.object({ actions: z.array(documentBody) })),
  });
  app.openapi(route, (c) => {
    const actions = CATALOG.map(({ module, title, group, help, fields, defaultData }) => ({
      ...{ module, title, group, help, fields, defaultData },
    }));
    // Field descriptions are a union that the schema of the answer does not repeat.
    return c.json({ actions }, 200) as never;
  });
}

/** Manual Presence answers like `PUT presence/{id}`: what changed and who watches. */
function manualPresenceRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'post',
    path: `${ALL}/manual_presence`,
    summary: 'Run a Manual Presence block with its data as the callflow holds it',
    middleware: [inRealm(parts)],
    request: { params: realmParams, body: jsonBody(manualPresenceBody) },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(route, async (c) => {
    const { presence_id, status, note, expires_in } = c.req.valid('json');
    const found = resourceFor(c, presence_id, parts);
    if ('refusal' in found) return refuse(c, found.refusal) as never;
    const details = {
      ...(note === undefined ? {} : { note }),
      ...(expires_in == null ? {} : { expiresIn: expires_in }),
    };
    const result = await parts.service.setManual(found.value, { status, ...details });
    return c.json(publishJson(found.value, result, { caller: c.get('caller'), lamps: parts.service }), 200);
  });
}

function anyRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'post',
    path: `${ALL}/{module}`,
    summary: 'Run one block with its data as the callflow holds it',
    middleware: [inRealm(parts)],
    request: { params: realmParams.extend({ module: z.string() }), body: jsonBody(documentBody) },
    responses: answers('The run of this one block', runAnswer),
  });
  app.openapi(route, async (c) => {
    const { module } = c.req.valid('param');
    const data = c.req.valid('json') as never;
    const grants = c.get('caller').grants;
    const result = await parts.callflows.act(c.get('realm'), module, { data, grants });
    if (result !== null) return c.json(runJson(result), 200) as never;
    return problem(c, 'ACTION_UNKNOWN', `There is no action "${module}" that takes this data`) as never;
  });
}
