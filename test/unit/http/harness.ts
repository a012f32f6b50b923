import defaults from '../../../config/default.json' with { type: 'json' };
import { parseConfig } from '../../../src/config.ts';
import { digestHash } from '../../../src/digest-hash.ts';
import { readExamples } from '../../../src/examples.ts';
import { createHttp, type Http } from '../../../src/http/http.ts';
import { createLog } from '../../../src/log.ts';
import { createMetrics } from '../../../src/metrics.ts';
import type { CallflowService } from '../../../src/notifier/callflow-service.ts';
import type { ListService } from '../../../src/notifier/list-service.ts';
import type { StoredCredentials } from '../../../src/ports/credentials.ts';
import { countingIds } from '../../support/boards.ts';
import { memoryCredentials } from '../../support/memory-credentials.ts';
import { FakeService } from './fake-service.ts';

export interface Harness {
  readonly service: FakeService;
  readonly users: StoredCredentials;
  readonly http: Http;
  /** Sends a request as curl would, by default to loopback and with JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read the members that they expect
  readonly json: any;
}

const REALMS = {
  default: 'default',
  '127.0.0.1': 'default',
  'acme.example': 'acme.example',
  'sip.acme.example': 'acme.example',
};

/** Tests of callflows and lists pass the real service; a call to these is a bug of the test. */
function absent<Service extends object>(what: string): Service {
  return new Proxy({} as Service, {
    get: (_, name) => {
      throw new Error(`This test has no ${what}, but something asked for ${String(name)}`);
    },
  });
}
const NO_CALLFLOWS = absent<CallflowService>('callflows');
const NO_LISTS = absent<ListService>('lists');

/** The HTTP API over a fake service; `env` configures it as the environment would. */
export function harness(
  env: Readonly<Record<string, string>> = {},
  heartbeatMs = 15_000,
  callflows: CallflowService = NO_CALLFLOWS,
  lists: ListService = NO_LISTS,
): Harness {
  const service = new FakeService(REALMS);
  const users = memoryCredentials();
  const config = parseConfig(defaults, {}, { LAMPLIGHTER_HTTP_PORT: '0', ...env });
  const log = createLog({ level: 'silent' }).http;
  const http = createHttp({
    config,
    service,
    callflows,
    lists,
    metrics: createMetrics(),
    machine: null,
    log,
    heartbeatMs,
    newId: countingIds(),
    listening: () => [
      { transport: 'ws', address: '127.0.0.1', port: 8060 },
      { transport: 'wss', address: '127.0.0.1', port: 8061 },
    ],
    examples: readExamples(),
    users,
    hash: digestHash,
    pageFolder: '',
  });
  return {
    service,
    users,
    http,
    call: (method, path, options = {}) => call(http, requestOf(method, path, options)),
  };
}

function requestOf(method: string, path: string, { body, token, headers }: CallOptions): Request {
  const all = new Headers({ host: '127.0.0.1:8080', ...headers });
  if (token !== undefined) all.set('authorization', `Bearer ${token}`);
  if (body !== undefined && !all.has('content-type')) all.set('content-type', 'application/json');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(`http://127.0.0.1:8080${path}`, {
    method,
    headers: all,
    ...(text !== undefined && { body: text }),
  });
}

async function call(http: Http, request: Request): Promise<Answer> {
  const response = await http.app.request(request);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    json: isJson ? await response.json() : await response.text(),
  };
}
