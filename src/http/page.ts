import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnv } from './env.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Everything from here and nothing inline; SIP over WebSocket may be on another port of this host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Serves the built page at `/`. The files are read once, at the start, so no path of a request ever reaches the file
 * system. Without a build (`npm run build:web`) the page says so.
 */
export function servePage(app: OpenAPIHono<HttpEnv>, folder: string): void {
  const files = filesBelow(folder);
  app.get('/', (c) => {
    const page = files.get('/index.html');
    if (page === undefined) return c.text('The page is not built: run npm run build:web', 503);
    return c.body(page, 200, {
      ...HEADERS,
      'content-type': TYPES['.html'] ?? '',
      'cache-control': 'no-cache',
    });
  });
  for (const [path, content] of files) {
    if (path === '/index.html') continue;
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    // The names of built files change with their content.
    const headers = {
      ...HEADERS,
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
    };
    app.get(path, (c) => c.body(content, 200, headers));
  }
}

function filesBelow(folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of listOf(folder)) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(`/${name}`, new Uint8Array(readFileSync(path)));
  }
  return files;
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
