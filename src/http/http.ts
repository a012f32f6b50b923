import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Fault } from '../errors.ts';
import { createApp } from './app.ts';
import type { HttpEnv, HttpParts } from './env.ts';

/** The HTTP API with its socket. */
export interface Http {
  readonly app: OpenAPIHono<HttpEnv>;
  /** Opens the socket; rejects with PORT_TAKEN or CONFIG_INVALID in one line that names the key. */
  start(): Promise<{ readonly address: string; readonly port: number }>;
  /** Ends the streams, lets requests in progress finish (2 s at most) and closes the socket. */
  stop(): Promise<void>;
}

export type HttpOptions = Omit<HttpParts, 'stopping' | 'heartbeatMs'> & { readonly heartbeatMs?: number };

const HEARTBEAT_MS = 15_000;
const GRACE_MS = 2000;
const SWEEP_MS = 20;

/** Builds the API; nothing listens before `start`. */
export function createHttp({ heartbeatMs = HEARTBEAT_MS, ...parts }: HttpOptions): Http {
  const stop = new AbortController();
  const app = createApp({ ...parts, heartbeatMs, stopping: stop.signal });
  const { host, port } = parts.config.http;
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host }) as NodeServer;
  return {
    app,
    start: () => listen(server, host, port),
    async stop() {
      stop.abort();
      await close(server);
    },
  };
}

/** The adaptor makes a node:http server unless it is given another factory. */
type NodeServer = Extract<ReturnType<typeof createAdaptorServer>, { closeAllConnections(): void }>;

function listen(server: NodeServer, host: string, port: number): Promise<{ address: string; port: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ address: string; port: number }>();
  server.once('error', (error: NodeJS.ErrnoException) => reject(faultOf(error, host, port)));
  server.listen(port, host, () => {
    server.removeAllListeners('error');
    const bound = server.address() as AddressInfo;
    resolve({ address: bound.address, port: bound.port });
  });
  return promise;
}

function faultOf(error: NodeJS.ErrnoException, host: string, port: number): Fault {
  const place = `Cannot listen on ${host} port ${port} (HTTP)`;
  if (error.code === 'EADDRINUSE') {
    const wanted = 'another process has it, set http.port (LAMPLIGHTER_HTTP_PORT) to a free one';
    return new Fault('PORT_TAKEN', `${place}: ${wanted}`, { cause: error });
  }
  const wanted =
    'http.host (LAMPLIGHTER_HTTP_HOST) and http.port (LAMPLIGHTER_HTTP_PORT) must be ones that this machine lets us use';
  return new Fault('CONFIG_INVALID', `${place}: ${error.code}, ${wanted}`, { cause: error });
}

/** Connections go one by one as they become idle: a stream's only does after its last bytes were sent. */
function close(server: NodeServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.close(() => {
    clearInterval(sweep);
    clearTimeout(force);
    resolve();
  });
  return promise;
}
