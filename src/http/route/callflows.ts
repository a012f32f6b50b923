import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { formatCallflow } from '../../callflow/document.ts';
import type { CheckedCallflow, SaveOutcome } from '../../notifier/callflow-service.ts';
import {
  callflowAnswer,
  callflowListAnswer,
  callflowParams,
  documentBody,
  problemsAnswer,
  revQuery,
  runAnswer,
  runBody,
  runListAnswer,
} from '../callflow-schema.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm } from '../place.ts';
import { problem } from '../problem.ts';
import { answers, jsonBody } from '../responses.ts';
import { realmParams } from '../schema.ts';
import { runJson } from '../view.ts';

const ALL = '/v1/realms/{realm}/callflows';
const ONE = '/v1/realms/{realm}/callflows/{callflowId}';

/** The documents of a realm: list, create, read, save, delete, check, run. */
export function callflowRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  readRoutes(app, parts);
  writeRoutes(app, parts);
  runRoutes(app, parts);
}

function readRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { callflows } = parts;
  const middleware = [inRealm(parts)];

  const list = createRoute({
    method: 'get',
    path: ALL,
    summary: 'The callflows of a realm, by name, each with the number of its problems',
    middleware,
    request: { params: realmParams },
    responses: answers('All of them', callflowListAnswer),
  });
  app.openapi(list, async (c) => {
    const all = await callflows.list(c.get('realm'));
    return c.json({ callflows: all.map(summaryOf) }, 200);
  });

  const get = createRoute({
    method: 'get',
    path: ONE,
    summary: 'One callflow with its problems',
    middleware,
    request: { params: callflowParams },
    responses: answers('The document', callflowAnswer),
  });
  app.openapi(get, async (c) => {
    const { callflowId } = c.req.valid('param');
    const found = await callflows.get(c.get('realm'), callflowId);
    return found === null ? (unknown(c, callflowId) as never) : c.json(checkedJson(found), 200);
  });

  const check = createRoute({
    method: 'post',
    path: `${ALL}/check`,
    summary: 'What would be said of a document if it were saved',
    middleware,
    request: { params: realmParams, body: jsonBody(documentBody) },
    responses: answers('Its problems', problemsAnswer),
  });
  app.openapi(check, async (c) => {
    const problems = await callflows.check(c.get('realm'), c.req.valid('json'));
    return c.json({ problems: [...problems] }, 200) as never;
  });
}

function writeRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { callflows } = parts;
  const middleware = [inRealm(parts)];

  const create = createRoute({
    method: 'post',
    path: ALL,
    summary: 'Create a callflow',
    middleware,
    request: { params: realmParams, body: jsonBody(documentBody) },
    responses: { ...answers('Unused', callflowAnswer), 201: created },
  });
  app.openapi(create, async (c) => {
    return saved(c, await callflows.create(c.get('realm'), c.req.valid('json')), 201) as never;
  });

  const save = createRoute({
    method: 'put',
    path: ONE,
    summary: 'Save a callflow; the document carries the rev it was read at',
    middleware,
    request: { params: callflowParams, body: jsonBody(documentBody) },
    responses: answers('As it is stored', callflowAnswer),
  });
  app.openapi(save, async (c) => {
    const { callflowId } = c.req.valid('param');
    return saved(c, await callflows.save(c.get('realm'), callflowId, c.req.valid('json')), 200) as never;
  });

  const remove = createRoute({
    method: 'delete',
    path: ONE,
    summary: 'Delete a callflow, if its rev is the one given',
    middleware,
    request: { params: callflowParams, query: revQuery },
    responses: { 204: { description: 'It is gone' } },
  });
  app.openapi(remove, async (c) => {
    const { callflowId } = c.req.valid('param');
    const result = await callflows.remove(c.get('realm'), callflowId, c.req.valid('query').rev);
    if (result === 'ok') return c.body(null, 204);
    return (result === 'gone' ? unknown(c, callflowId) : stale(c)) as never;
  });
}

const created = {
  description: 'As it is stored',
  content: { 'application/json': { schema: callflowAnswer } },
} as const;

function runRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { callflows } = parts;
  const middleware = [inRealm(parts)];

  const run = createRoute({
    method: 'post',
    path: `${ONE}/run`,
    summary: 'Run a callflow, as if its number were dialled',
    middleware,
    request: { params: callflowParams, body: jsonBody(runBody) },
    responses: answers('The run, and the lamps that it moved', runAnswer),
  });
  app.openapi(run, async (c) => {
    const { callflowId } = c.req.valid('param');
    const { number, caller, variables } = c.req.valid('json');
    const request = {
      ...(number === undefined ? {} : { number }),
      ...(caller === undefined ? {} : { caller }),
      ...(variables === undefined ? {} : { variables }),
    };
    const result = await callflows.run(c.get('realm'), callflowId, request);
    return (result === null ? unknown(c, callflowId) : c.json(runJson(result), 200)) as never;
  });

  const runs = createRoute({
    method: 'get',
    path: `${ONE}/runs`,
    summary: 'The last runs of a callflow, newest first',
    middleware,
    request: { params: callflowParams },
    responses: answers('At most 100', runListAnswer),
  });
  app.openapi(runs, async (c) => {
    const found = await callflows.runs(c.get('realm'), c.req.valid('param').callflowId, 100);
    return c.json({ runs: [...found] }, 200) as never;
  });
}

function summaryOf({ callflow, problems }: CheckedCallflow) {
  const { id, name, numbers, patterns, seat, rev } = callflow;
  return { id, name, numbers: [...numbers], patterns: [...patterns], seat, rev, problems: problems.length };
}

function checkedJson({ callflow, problems }: CheckedCallflow): z.output<typeof callflowAnswer> {
  return {
    callflow: formatCallflow(callflow) as Record<string, unknown>,
    problems: problems.map((one) => ({ ...one, path: one.path === null ? null : [...one.path] })),
  };
}

function saved(c: Context<HttpEnv>, outcome: SaveOutcome, status: 200 | 201): Response {
  switch (outcome.kind) {
    case 'saved':
      return c.json(checkedJson(outcome), status);
    case 'stale':
      return stale(c, outcome.rev);
    case 'gone':
      return problem(c, 'CALLFLOW_UNKNOWN', 'It was deleted meanwhile; it can be created again');
    case 'refused': {
      const [first] = outcome.problems;
      const members = { problems: outcome.problems };
      return problem(c, 'CALLFLOW_IMPOSSIBLE', first?.message ?? 'It has errors', { members });
    }
  }
}

function stale(c: Context<HttpEnv>, rev?: number): Response {
  const members = rev === undefined ? {} : { rev };
  return problem(c, 'STALE_REV', 'Somebody saved it meanwhile: read it again before saving', { members });
}

function unknown(c: Context<HttpEnv>, id: string): Response {
  return problem(c, 'CALLFLOW_UNKNOWN', `There is no callflow "${id}" in this realm`);
}
