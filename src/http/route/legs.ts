import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { LegEvent, PublishResult } from '../../notifier/service.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm, onResource } from '../place.ts';
import { answers, jsonBody } from '../responses.ts';
import {
  legAnswer,
  legBody,
  legParams,
  presenceParams,
  publishAnswer,
  realmParams,
  sourceQuery,
} from '../schema.ts';
import { publishJson } from '../view.ts';

const LEGS = '/v1/realms/{realm}/presence/{id}/legs';

/** `POST|DELETE legs`: the call legs that an engine reports. */
export function legRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  putRoute(app, parts);
  endRoute(app, parts);
  dropRoute(app, parts);
  dropRealmRoute(app, parts);
}

function putRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'post',
    path: LEGS,
    summary: 'Report an event of a call leg; state terminated ends it',
    middleware: [inRealm(parts), onResource(parts)],
    request: { params: presenceParams, body: jsonBody(legBody) },
    responses: answers('What became of it', legAnswer),
  });
  app.openapi(route, async (c) => {
    const event = eventOf(c.req.valid('json'), parts.config.legs.expiresSeconds);
    const result = await parts.service.putLeg(c.get('resource'), event);
    return c.json({ ...published(c, result, parts), leg: event.id }, 200);
  });
}

function endRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'delete',
    path: `${LEGS}/{legId}`,
    summary: 'End a call leg',
    middleware: [inRealm(parts), onResource(parts)],
    request: { params: legParams },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(route, async (c) => {
    const result = await parts.service.endLeg(c.get('resource'), c.req.valid('param').legId);
    return c.json(published(c, result, parts), 200);
  });
}

function dropRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'delete',
    path: LEGS,
    summary: 'End all call legs of one source on a presence ID',
    middleware: [inRealm(parts), onResource(parts)],
    request: { params: presenceParams, query: sourceQuery },
    responses: answers('What became of it', publishAnswer),
  });
  app.openapi(route, async (c) => {
    const result = await parts.service.dropLegs(c.get('resource'), c.req.valid('query').source);
    return c.json(published(c, result, parts), 200);
  });
}

function dropRealmRoute(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const route = createRoute({
    method: 'delete',
    path: '/v1/realms/{realm}/legs',
    summary: 'End all call legs of one source in a realm: its engine has restarted',
    middleware: [inRealm(parts)],
    request: { params: realmParams, query: sourceQuery },
    responses: answers('How many presence IDs changed', z.object({ changed: z.int() })),
  });
  app.openapi(route, async (c) => {
    const changed = await parts.service.dropRealmLegs(c.get('realm'), c.req.valid('query').source);
    return c.json({ changed }, 200);
  });
}

function published(c: Context<HttpEnv>, result: PublishResult, { service }: HttpParts) {
  return publishJson(c.get('resource'), result, { caller: c.get('caller'), lamps: service });
}

/** All events of one call must name one leg: without an id the Call-ID does. */
function eventOf({ id, ...rest }: z.output<typeof legBody>, expiresSeconds: number): LegEvent {
  const event = {
    ...rest,
    id: id ?? rest.callId ?? crypto.randomUUID(),
    expiresIn: rest.expiresIn ?? expiresSeconds,
  };
  // Zod writes absent members as `?: T | undefined`, and never sets one to undefined.
  return event as LegEvent;
}
