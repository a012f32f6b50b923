import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { z } from 'zod';
import defaults from '../config/default.json' with { type: 'json' };
import { type Environment, readEnvironment } from './config/environment.ts';
import { type ConfigKey, configKeys, keyAt } from './config/keys.ts';
import { contradictionIn } from './config/relations.ts';
import { configSchema, serverOf } from './config/schema.ts';
import { Fault } from './errors.ts';

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;
type Checked = Frozen<z.output<typeof configSchema>>;

/** The configuration as the program uses it: checked, names of realms in lower case. */
export interface Config extends Omit<Checked, 'drachtio'> {
  readonly drachtio: {
    /** Admin addresses; none: the embedded edge is used. */
    readonly servers: readonly { readonly host: string; readonly port: number }[];
    readonly secret: string;
  };
}

/** One bearer token of the HTTP API. */
export type Token = Config['http']['tokens'][number];

/**
 * The configuration of this process: `config/default.json`, over it the JSON file that LAMPLIGHTER_CONFIG names,
 * over it the environment. Throws CONFIG_INVALID with one line that says what is wanted.
 */
export function loadConfig(env: Environment = process.env): Config {
  const config = parseConfig(defaults, readFile(env.LAMPLIGHTER_CONFIG), env);
  return { ...config, nodeId: config.nodeId || nodeIdOf(config) };
}

/** The embedded store has one owner for ever, whatever this host is called; nodes on one Redis must differ. */
function nodeIdOf({ redis, http }: Config): string {
  return redis.url === '' ? 'embedded' : `${hostname().replace(/[^A-Za-z0-9_.-]/g, '-')}-${http.port}`;
}

/**
 * Puts three layers together, later ones over earlier ones (a list or table is replaced as a whole), and checks
 * the result. Pure. Throws CONFIG_INVALID for unknown keys, values out of range and keys that contradict.
 */
export function parseConfig(base: unknown, file: unknown, env: Environment): Config {
  const settings = readEnvironment(env);
  const merged = settings.reduce<unknown>(
    (whole, { key, value }) => put(whole, key.path, value),
    merge(base, file),
  );
  const result = configSchema.safeParse(merged);
  const issue = result.error?.issues[0];
  if (issue) throw new Fault('CONFIG_INVALID', refusalOf(issue, merged));
  const config = finish(result.data as Checked);
  const contradiction = contradictionIn(config);
  if (contradiction !== null) throw new Fault('CONFIG_INVALID', contradiction);
  return config;
}

/** One row of the README's table of keys. */
export interface ConfigRow extends ConfigKey {
  /** The default as JSON. */
  readonly default: string;
}

/** Every key with its default, in the order of `config/default.json`. */
export function configTable(): readonly ConfigRow[] {
  return configKeys.map((key) => ({ ...key, default: JSON.stringify(valueAt(defaults, key.path)) }));
}

function readFile(path: string | undefined): unknown {
  if (!path) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot use "${path}" (LAMPLIGHTER_CONFIG): ${reason}, it must be a JSON file like config/default.json`;
    throw new Fault('CONFIG_INVALID', message.replace(/\s+/g, ' '), { cause });
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(below: unknown, above: unknown, path: readonly string[] = []): unknown {
  const whole = keyAt(path) !== null;
  if (whole || !isTable(below) || !isTable(above)) return above;
  const entries = Object.entries(above).map(([name, value]) => {
    return [name, Object.hasOwn(below, name) ? merge(below[name], value, [...path, name]) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

function put(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const table = isTable(whole) ? whole : {};
  return { ...table, [name]: put(table[name], rest, value) };
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<PropertyKey, unknown> | null)?.[name], whole);
}

function refusalOf(issue: z.core.$ZodIssue, merged: unknown): string {
  const key = keyAt(issue.path);
  if (key !== null) {
    const shown = key.secret ? 'the value' : JSON.stringify(valueAt(merged, key.path))?.slice(0, 80);
    return `Cannot use ${shown} for ${key.key} (${key.env}): it must be ${key.wanted}`;
  }
  const place = issue.path.join('.') || 'the configuration';
  if (issue.code !== 'unrecognized_keys')
    return `Cannot use ${place}: it must be a JSON object like in config/default.json`;
  const names = Object.keys(valueAt(defaults, issue.path) as object);
  return `Cannot use "${issue.keys[0]}" in ${place}: there is no such key, it must be one of ${names.join(', ')}`;
}

function finish(checked: Checked): Config {
  const { host, port, secret } = checked.drachtio;
  const servers = host.split(',').flatMap((part) => serverOf(part, port) ?? []);
  return { ...checked, ...lowerRealms(checked), drachtio: { servers, secret } };
}

function lowerRealms({ realms, http, auth }: Checked): Pick<Config, 'realms' | 'http' | 'auth'> {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  const entries = Object.entries(realms).map(([name, aliases]) => [name.toLowerCase(), lower(aliases)]);
  const tokens = http.tokens.map((token) => ({ ...token, realms: lower(token.realms) }));
  const { users, watch, publish } = auth;
  return {
    realms: Object.fromEntries(entries),
    http: { ...http, tokens },
    auth: { ...auth, users: lowerKeys(users), watch: lowerKeys(watch), publish: lowerKeys(publish) },
  };
}

function lowerKeys<Value>(table: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]));
}
