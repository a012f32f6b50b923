import { z } from '@hono/zod-openapi';
import { line, realmParams } from './schema.ts';

const id = line(128).min(1).openapi({ description: 'User part of its URI', example: 'desk' });

const facts = {
  name: line(128).default('').openapi({ description: 'For people, and told to the phones; empty: the id' }),
  members: z
    .array(
      z.strictObject({
        id: line(257).min(1).openapi({ description: 'Presence ID: user part or user@realm' }),
        name: line(128).optional().openapi({ description: 'What phones show beside the lamp' }),
      }),
    )
    .max(5_000),
};

export const listCreation = z.strictObject({ id, ...facts }).openapi('ListCreation');

export const listChange = z.strictObject({ ...facts, rev: z.int().min(1) }).openapi('ListChange');

export const listAnswer = z
  .object({
    id: z.string(),
    realm: z.string(),
    name: z.string(),
    members: z.array(z.object({ id: z.string(), name: z.string().optional() })),
    rev: z.int().openapi({ description: '0: it stands in the configuration' }),
  })
  .openapi('ResourceList');

export const listListAnswer = z.object({ lists: z.array(listAnswer) });

export const listParams = realmParams.extend({ listId: z.string().min(1).max(128) });
