import type { Context, MiddlewareHandler } from 'hono';
import { parseResource, type Resource } from '../presence/resource.ts';
import type { HttpEnv, HttpParts } from './env.ts';
import { isRead } from './guard.ts';
import { type ProblemCode, problem } from './problem.ts';

/** A refusal that is not an answer yet. */
interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
}

type Found<Value> = { readonly value: Value } | { readonly refusal: Refusal };

/** Finds the realm that the path names and what the caller may do there. */
export function inRealm(parts: HttpParts): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const found = realmFor(c, c.req.param('realm') ?? '', parts);
    if ('refusal' in found) return refuse(c, found.refusal);
    c.set('realm', found.value);
    return next();
  };
}

/** Finds the resource that `presence/{id}` of the path names. */
export function onResource(parts: HttpParts): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const found = resourceFor(c, c.req.param('id') ?? '', parts);
    if ('refusal' in found) return refuse(c, found.refusal);
    c.set('resource', found.value);
    return next();
  };
}

/**
 * The resource of a presence ID in the realm of the path. An ID that names a realm itself (`user@realm`) means
 * that one, if the caller has it.
 */
export function resourceFor(c: Context<HttpEnv>, id: string, parts: HttpParts): Found<Resource> {
  const resource = parseResource(id, c.get('realm'), parts.config.sip.userCase);
  if (resource === null) return refused('PRESENCE_ID_INVALID', `"${id}" must be a user part or user@realm`);
  const realm = realmFor(c, resource.realm, parts);
  return 'refusal' in realm ? realm : { value: { ...resource, realm: realm.value } };
}

/** The answer that a refusal becomes. */
export function refuse(c: Context, { code, detail }: Refusal): Response {
  return problem(c, code, detail);
}

/** A caller that does not have a realm hears the same whether it exists or not. */
function realmFor(c: Context<HttpEnv>, name: string, { service }: HttpParts): Found<string> {
  const caller = c.get('caller');
  const realm = service.realmNamed(name);
  if (realm === null && caller.everywhere)
    return refused('REALM_UNKNOWN', `Realm "${name}" is not in realms`);
  if (realm === null || !caller.allows(realm))
    return refused('REALM_FORBIDDEN', `The token does not have realm "${name}"`);
  if (!caller.canWrite && !isRead(c.req.method))
    return refused('WRITE_FORBIDDEN', 'The token has access "read", it must be "write"');
  return { value: realm };
}

function refused(code: ProblemCode, detail: string): { readonly refusal: Refusal } {
  return { refusal: { code, detail } };
}
