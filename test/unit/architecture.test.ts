import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importsBelow, importsIn, partOf } from '../support/imports.ts';

/** What each part of `src` may import of the others. A part may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  presence: ['errors.ts'],
  sip: ['errors.ts'],
  callflow: ['presence', 'errors.ts'],
  ports: ['presence', 'sip', 'callflow'],
  notifier: ['ports', 'presence', 'sip', 'callflow', 'errors.ts'],
  'edge/embedded': ['ports', 'sip', 'errors.ts'],
  'edge/drachtio': ['ports', 'sip', 'errors.ts'],
  'store/redis': ['ports', 'presence', 'callflow', 'errors.ts', 'store'],
  'store/embedded': ['ports', 'presence', 'callflow', 'errors.ts', 'store'],
  store: ['ports', 'presence', 'callflow', 'errors.ts'],
  http: [
    'notifier',
    'callflow',
    'ports',
    'presence',
    'sip',
    'errors.ts',
    'config.ts',
    'log.ts',
    'metrics.ts',
    'trust.ts',
  ],
  web: ['callflow', 'presence'],
  webhook: ['ports', 'trust.ts'],
  credentials: ['ports', 'errors.ts'],
  workers: [
    'ports',
    'sip',
    'edge/embedded',
    'errors.ts',
    'config.ts',
    'log.ts',
    'metrics.ts',
    'server.ts',
    'welcome.ts',
  ],
  config: ['presence', 'sip', 'errors.ts', 'trust.ts', 'config.ts'],
  cli: ['sip', 'presence', 'errors.ts', 'config.ts', 'config', 'trust.ts', 'digest-hash.ts'],
};

/** The npm packages that a part may use; parts that are not named may use none. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  notifier: ['pino'],
  'edge/embedded': ['node:*', 'ws'],
  'edge/drachtio': ['node:*', 'drachtio-srf'],
  'store/redis': ['node:*', 'ioredis', 'pino'],
  'store/embedded': ['node:*', 'pino'],
  store: ['node:*', 'pino'],
  http: ['node:*', 'hono', '@hono/node-server', '@hono/zod-openapi', 'zod'],
  web: ['react', 'react-dom', '@xyflow/react', 'sip.js'],
  webhook: ['node:*'],
  credentials: ['node:*'],
  workers: ['node:*', 'pino', 'prom-client'],
  config: ['node:*', 'zod'],
  cli: ['node:*', 'zod'],
};

const PARTS = Object.keys(MAY_IMPORT);

function violations(imports: readonly Import[]): readonly string[] {
  return imports.filter((one) => !isAllowed(one)).map((one) => `${one.file} imports ${one.to}`);
}

function isAllowed({ file, to, ours }: Import): boolean {
  const part = partOf(file, PARTS);
  if (!PARTS.includes(part)) return true;
  if (!ours)
    return (MAY_USE[part] ?? []).some((name) => name === to || (name === 'node:*' && to.startsWith('node:')));
  const target = partOf(to, PARTS);
  return target === part || (MAY_IMPORT[part] ?? []).includes(target);
}

describe('the direction of imports', () => {
  it('is that of the architecture', () => {
    const imports = importsBelow(join(import.meta.dirname, '../../src'));
    expect(imports.length).toBeGreaterThan(100);
    expect(violations(imports)).toEqual([]);
  });

  it('never leads from src to test', () => {
    const imports = importsBelow(join(import.meta.dirname, '../../src'));
    expect(imports.filter(({ ours, to }) => ours && to.includes('../test'))).toEqual([]);
  });

  it.each([
    ['a pure part that does I/O', 'sip/x.ts', `import { readFileSync } from 'node:fs';`],
    ['a pure part that imports another', 'presence/x.ts', `import { parseUri } from '../sip/uri.ts';`],
    ['an engine that picks a pattern matcher', 'callflow/x.ts', `import { RE2JS } from 're2js';`],
    ['an engine that reads SIP', 'callflow/x.ts', `import { parseUri } from '../sip/uri.ts';`],
    ['a twin that imports its twin', 'edge/embedded/x.ts', `import type { X } from '../drachtio/edge.ts';`],
    ['a twin that imports its twin', 'store/redis/x.ts', `export { X } from '../embedded/store.ts';`],
    ['a notifier that picks a store', 'notifier/x.ts', `const s = await import('../store/redis/store.ts');`],
    ['a core that reads the configuration', 'notifier/x.ts', `import { loadConfig } from '../config.ts';`],
  ])('catches %s', (_, file, text) => {
    expect(violations(importsIn(text, file))).toHaveLength(1);
  });
});
