import type { z } from '@hono/zod-openapi';
import { problemAnswer } from './schema.ts';

const PROBLEM = {
  description: 'A refusal (RFC 9457)',
  content: { 'application/problem+json': { schema: problemAnswer } },
};

/** The `responses` of a route that answers 200 with `schema`, or a problem. */
export function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return {
    200: { description, content: { 'application/json': { schema } } },
    '4XX': PROBLEM,
    '5XX': PROBLEM,
  } as const;
}

/** The `body` of a route that takes JSON. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}
