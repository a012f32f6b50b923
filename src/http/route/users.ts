import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { HashedPassword } from '../../ports/credentials.ts';
import { digestHa1 } from '../../sip/digest/digest-response.ts';
import { toUtf8 } from '../../sip/utf8.ts';
import type { HttpEnv, HttpParts } from '../env.ts';
import { inRealm } from '../place.ts';
import { problem } from '../problem.ts';
import { answers, jsonBody } from '../responses.ts';

const PATH = '/v1/realms/{realm}/users/{user}';

const userParams = z.object({
  realm: z.string().openapi({ example: 'acme.example' }),
  user: z.string().openapi({ description: 'The name that the phone authenticates with', example: '1001' }),
});

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'i'));

/** A password, or what is kept of one. */
const userBody = z
  .strictObject({
    password: z.string().min(1).max(256).optional(),
    md5: hex(32).optional(),
    sha256: hex(64).optional(),
  })
  .refine(
    ({ password, md5, sha256 }) => (password === undefined) !== (md5 === undefined && sha256 === undefined),
    {
      message: 'Give either password, or md5 and sha256 (HA1), or one of these',
    },
  )
  .openapi('SipPassword', {
    description: 'A password, which is hashed at once and kept nowhere, or its HA1s (RFC 7616 §3.4.2)',
  });

const userAnswer = z
  .object({
    realm: z.string(),
    user: z.string(),
    algorithms: z.array(z.enum(['SHA-256', 'MD5'])).openapi({ description: 'Those that an HA1 is kept for' }),
  })
  .openapi('SipUser');

/** SIP users. What is kept of a password is shown to nobody. */
export function userRoutes(app: OpenAPIHono<HttpEnv>, parts: HttpParts): void {
  const { users } = parts;
  const middleware = [inRealm(parts)];
  const request = { params: userParams };

  const put = createRoute({
    method: 'put',
    path: PATH,
    summary: 'Set the password of a SIP user',
    middleware,
    request: { ...request, body: jsonBody(userBody) },
    responses: answers('The user', userAnswer),
  });
  app.openapi(put, async (c) => {
    const place = { realm: c.get('realm'), user: c.req.valid('param').user };
    if (!isName(place.user)) {
      return problem(c, 'USER_INVALID', 'It must be 1 to 128 characters without controls') as never;
    }
    const password = hashed(c.req.valid('json'), place, parts);
    await users.put(place.realm, place.user, password);
    return c.json(userJson(place, password), 200);
  });

  const get = createRoute({
    method: 'get',
    path: PATH,
    summary: 'Whether there is such a SIP user',
    middleware,
    request,
    responses: answers('The user', userAnswer),
  });
  app.openapi(get, async (c) => {
    const place = { realm: c.get('realm'), user: c.req.valid('param').user };
    const found = await users.find(place.realm, place.user);
    if (found === null) return problem(c, 'USER_UNKNOWN', 'The API has not set one') as never;
    return c.json(userJson(place, found), 200);
  });

  const remove = createRoute({
    method: 'delete',
    path: PATH,
    summary: 'Remove a SIP user',
    middleware,
    request,
    responses: { 204: { description: 'It is gone' } },
  });
  app.openapi(remove, async (c) => {
    const removed = await users.remove(c.get('realm'), c.req.valid('param').user);
    return removed ? c.body(null, 204) : (problem(c, 'USER_UNKNOWN', 'The API has not set one') as never);
  });
}

interface Place {
  readonly realm: string;
  readonly user: string;
}

function hashed(
  { password, md5, sha256 }: z.output<typeof userBody>,
  { realm, user }: Place,
  { hash }: Pick<HttpParts, 'hash'>,
): HashedPassword {
  if (password === undefined) {
    return { md5: md5?.toLowerCase() ?? null, sha256: sha256?.toLowerCase() ?? null };
  }
  const who = { username: toUtf8(user), realm: toUtf8(realm), password: toUtf8(password) };
  return { md5: digestHa1(hash, 'MD5', who), sha256: digestHa1(hash, 'SHA-256', who) };
}

function userJson({ realm, user }: Place, { md5, sha256 }: HashedPassword): z.output<typeof userAnswer> {
  return {
    realm,
    user,
    algorithms: [...(sha256 === null ? [] : ['SHA-256' as const]), ...(md5 === null ? [] : ['MD5' as const])],
  };
}

function isName(user: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return user.length > 0 && user.length <= 128 && user.isWellFormed() && !/[\u0000-\u001f\u007f:]/.test(user);
}
