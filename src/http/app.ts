import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { isFault } from '../errors.ts';
import { authenticate } from './auth.ts';
import type { HttpEnv, HttpParts } from './env.ts';
import { guard } from './guard.ts';
import { servePage } from './page.ts';
import { problem } from './problem.ts';
import { actionRoutes } from './route/actions.ts';
import { callflowRoutes } from './route/callflows.ts';
import { examplesRoute } from './route/examples.ts';
import { healthRoutes } from './route/health.ts';
import { legRoutes } from './route/legs.ts';
import { listRoutes } from './route/lists.ts';
import { liveRoute } from './route/live.ts';
import { messageRoutes } from './route/messages.ts';
import { metricsRoute } from './route/metrics.ts';
import { presenceRoutes } from './route/presence.ts';
import { publicationRoutes } from './route/publications.ts';
import { seatRoutes } from './route/seats.ts';
import { sessionRoute } from './route/session.ts';
import { userRoutes } from './route/users.ts';
import { watchersRoute } from './route/watchers.ts';

const LONGEST_BODY = 65_536;
/** A callflow of 500 blocks with long settings, a list of 5000 members. */
const LONGEST_DOCUMENT = 1_048_576;

/** The HTTP API as a function from Request to Response, without a socket. */
export function createApp(parts: HttpParts): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ defaultHook: invalid });
  app.onError(failure(parts));
  app.notFound((c) => problem(c, 'PATH_UNKNOWN', `There is nothing at ${c.req.path}, see /openapi.json`));
  app.use(async (c, next) => {
    await next();
    parts.metrics.httpRequest(c.req.method, c.res.status);
  });
  protect(app, parts);
  for (const routes of ROUTES) routes(app, parts);
  describe(app);
  servePage(app, parts.pageFolder);
  refuseOtherMethods(app);
  return app;
}

const ROUTES = [
  healthRoutes,
  metricsRoute,
  presenceRoutes,
  watchersRoute,
  actionRoutes,
  legRoutes,
  messageRoutes,
  publicationRoutes,
  liveRoute,
  sessionRoute,
  examplesRoute,
  callflowRoutes,
  seatRoutes,
  userRoutes,
  listRoutes,
];

/** Health is open to everyone, and so is the description of the API; the rest needs a token, or loopback. */
function protect(app: OpenAPIHono<HttpEnv>, { config, service }: HttpParts): void {
  const { host, tokens } = config.http;
  for (const path of ['/v1/*', '/metrics']) {
    if (tokens.length === 0) app.use(path, guard(host));
    app.use(path, authenticate(tokens, service));
  }
  const bounded = bodyAtMost(LONGEST_BODY);
  const document = bodyAtMost(LONGEST_DOCUMENT);
  app.use('/v1/*', (c, next) =>
    /\/(callflows|lists)(\/|$)/.test(c.req.path) ? document(c, next) : bounded(c, next),
  );
}

/**
 * Content-Length alone decides where there is one. Hono's own limit looks at the body first, which makes a Request with a
 * stream of the lean one that the adaptor has: a PUT then costs 350 us instead of 110 (a contended machine, Node 24.21).
 */
function bodyAtMost(maxSize: number): MiddlewareHandler {
  const onError = (c: Context) => problem(c, 'BODY_TOO_LARGE', `The body must have at most ${maxSize} bytes`);
  const counted = bodyLimit({ maxSize, onError });
  return async (c, next) => {
    const length = c.req.header('content-length');
    // RFC 9112 §6.3: with Transfer-Encoding the length that is said means nothing.
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    return Number(length) <= maxSize ? next() : onError(c);
  };
}

function describe(app: OpenAPIHono<HttpEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Lamplighter', version: '1', description: 'Busy lamps: set, read and watch presence IDs' },
    security: [{ token: [] }, {}],
  });
}

/** RFC 9110 §15.5.6: a path that exists answers another method with 405 and Allow. */
function refuseOtherMethods(app: OpenAPIHono<HttpEnv>): void {
  const routes = app.routes.filter((route) => route.method !== 'ALL');
  for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
    const methods = [...new Set(same.map((route) => route.method))];
    const allow = (methods.includes('GET') ? [...methods, 'HEAD'] : methods).join(', ');
    app.all(path, (c) =>
      problem(c, 'METHOD_NOT_ALLOWED', `${c.req.method} must be one of ${allow}`, { headers: { allow } }),
    );
  }
}

type Validated = { success: true } | { success: false; error: z.ZodError };

function invalid(result: Validated & { target: string }, c: Context): Response | undefined {
  if (result.success) return undefined;
  const errors = result.error.issues.map(({ path, message }) => ({ at: path.join('.'), message }));
  const code = result.target === 'json' ? 'BODY_INVALID' : 'PARAMETER_INVALID';
  const detail = errors.map(({ at, message }) => (at === '' ? message : `${at}: ${message}`)).join('; ');
  return problem(c, code, detail, { members: { errors } });
}

function failure({ log }: HttpParts): ErrorHandler<HttpEnv> {
  return (error, c) => {
    if (isFault(error, 'STORE_AWAY')) return problem(c, 'STORE_AWAY', 'Nothing was changed, try again');
    if (isFault(error, 'STORE_CONTENDED'))
      return problem(c, 'CHANGE_CONTENDED', 'Nothing was changed, try again');
    if (error instanceof HTTPException && error.status === 400)
      return problem(c, 'BODY_MALFORMED', error.message);
    if (error instanceof HTTPException && error.status === 415) {
      return problem(c, 'MEDIA_TYPE_UNSUPPORTED', 'Send "Content-Type: application/json"');
    }
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'Request failed');
    return problem(c, 'INTERNAL', 'The fault was logged');
  };
}
