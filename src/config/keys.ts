import { z } from 'zod';
import { type KeyDoc, keyDocs } from './doc.ts';
import { configSchema } from './schema.ts';

/** One key of the configuration. */
export interface ConfigKey extends KeyDoc {
  /** `sip.wsPort` */
  readonly key: string;
  readonly path: readonly string[];
  /** `LAMPLIGHTER_SIP_WS_PORT` */
  readonly env: string;
  /** How the text of a variable is read. */
  readonly kind: 'number' | 'flag' | 'list' | 'table' | 'text';
}

/** Every key in the order of `config/default.json`. */
export const configKeys: readonly ConfigKey[] = keysUnder(configSchema, []);

/** The key that a place in the configuration belongs to: `http.tokens.0.realms` is part of `http.tokens`. */
export function keyAt(path: readonly PropertyKey[]): ConfigKey | null {
  return configKeys.find((key) => key.path.every((part, index) => part === path[index])) ?? null;
}

function keysUnder(schema: z.ZodType, path: readonly string[]): readonly ConfigKey[] {
  const doc = keyDocs.get(schema);
  if (doc !== undefined) {
    return [{ ...doc, key: path.join('.'), path, env: envName(path), kind: kindOf(schema) }];
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, part]) =>
    keysUnder(part as z.ZodType, [...path, name]),
  );
}

function kindOf(schema: z.ZodType): ConfigKey['kind'] {
  if (schema.def.type === 'number') return 'number';
  if (schema.def.type === 'boolean') return 'flag';
  if (schema.def.type === 'record') return 'table';
  return schema.def.type === 'readonly' ? 'list' : 'text';
}

function envName(path: readonly string[]): string {
  const words = path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`));
  return `LAMPLIGHTER_${words.join('_').toUpperCase()}`;
}
