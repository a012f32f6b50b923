import { Fault } from '../errors.ts';
import { type ConfigKey, configKeys } from './keys.ts';
import { nearest } from './nearest.ts';

/** The variables of the process, as Node has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value that a variable sets, not checked yet. */
export interface Setting {
  readonly key: ConfigKey;
  readonly value: unknown;
}

/** Names that start like a key but are read elsewhere. */
const OTHERS: readonly string[] = ['LAMPLIGHTER_CONFIG'];

/**
 * What the environment sets. A variable that is empty counts as not set, as compose files pass them on.
 * Throws CONFIG_INVALID for a LAMPLIGHTER_ variable that no key has, and for two names of one key that differ.
 */
export function readEnvironment(env: Environment): readonly Setting[] {
  refuseUnknown(env);
  return configKeys.flatMap((key) => {
    const text = textOf(key, env);
    return text === null ? [] : [{ key, value: readValue(key, text) }];
  });
}

function refuseUnknown(env: Environment): void {
  const known = [...configKeys.map((key) => key.env), ...OTHERS];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('LAMPLIGHTER_') || known.includes(name)) continue;
    throw new Fault(
      'CONFIG_INVALID',
      `Cannot use ${name}: no key has this name, the nearest is ${nearest(name, known)}`,
    );
  }
}

function textOf(key: ConfigKey, env: Environment): string | null {
  const own = env[key.env] || null;
  const alias = (key.alias && env[key.alias]) || null;
  if (own !== null && alias !== null && own !== alias) {
    throw new Fault(
      'CONFIG_INVALID',
      `Cannot use ${key.alias} and ${key.env}: they differ, only one must be set`,
    );
  }
  return own ?? alias;
}

/** Text that cannot be read is kept as it is: the schema then refuses it with its own words. */
function readValue(key: ConfigKey, text: string): unknown {
  if (key.key === 'realms') return readJson(text) ?? readRealms(text);
  if (key.key === 'http.tokens') return readJson(text) ?? readTokens(text);
  if (key.kind === 'table') return readJson(text) ?? text;
  if (key.kind === 'list') return readJson(text) ?? listOf(text);
  if (key.kind === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (key.kind === 'flag') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** The value of text that starts like JSON; undefined for other text. Broken JSON is given back as text. */
function readJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `acme.example=sip.acme.example,10.1.1.1;other.example` */
function readRealms(text: string): Readonly<Record<string, readonly string[]>> {
  const entries = splitAt(text, ';').map((part) => {
    const [name = '', ...aliases] = part.split('=');
    return [name.trim(), listOf(aliases.join('='))] as const;
  });
  return Object.fromEntries(entries);
}

/** `token=write:*;other=read:acme.example,b.example`; a token alone may write everywhere. */
function readTokens(text: string): readonly unknown[] {
  return splitAt(text, ';').map((part) => {
    const match = /^(.+)=(\w+):(.*)$/.exec(part);
    if (match === null) return { token: part, realms: ['*'], access: 'write' };
    return { token: match[1], access: match[2], realms: listOf(match[3] ?? '') };
  });
}

function listOf(text: string): readonly string[] {
  return splitAt(text, ',');
}

function splitAt(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
