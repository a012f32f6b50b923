import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import { LatencyHistogram } from './latency-histogram.ts';
import type { EdgeServer } from './ports/edge.ts';
import { type Bump, Tally } from './tally.ts';

/** How a NOTIFY can end: `ok` is a 2xx, `refused` any other final response. */
const NOTIFY_RESULTS = ['ok', 'refused', 'timeout', 'unreachable'] as const;
export type NotifyOutcome = (typeof NOTIFY_RESULTS)[number];

/** Methods that have a name of their own in the metrics; what else comes in is `other`. */
const SIP_METHODS = [
  'SUBSCRIBE',
  'PUBLISH',
  'OPTIONS',
  'REGISTER',
  'INVITE',
  'BYE',
  'MESSAGE',
  'NOTIFY',
  'INFO',
];
const HTTP_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'];

/** All that is measured. Each member is bound to its labels once, so that the hot path makes no label objects. */
export interface Metrics {
  readonly registry: Registry;
  /** Live subscriptions that this node owns, of one event package. */
  subscriptions(eventPackage: string): { set(count: number): void; inc(): void; dec(): void };
  readonly notifies: Readonly<Record<NotifyOutcome, Bump>>;
  /** Seconds from an accepted change to its NOTIFY being handed to the wire. */
  lampLatency(seconds: number): void;
  sipRequest(method: string, status: number): void;
  /** `event` is a fixed word of the code (`untrusted`, `malformed`, `retransmission`), never text from the wire. */
  edgeEvent(event: string): void;
  /** `event` is a fixed word of the code, such as `away`, `back`, `contended`. */
  storeEvent(event: string): void;
  /** `event` is a fixed word of the code, such as `changed`, `missed`. */
  busEvent(event: string): void;
  /** `event` is one of `DuplicateEvent`. */
  duplicate(event: string): void;
  /** `event` is a fixed word of the code, such as `challenged`, `wrong`, `slowed`. */
  authEvent(event: string): void;
  /** 0 calm, 1 busy, 2 full. */
  overloadLevel(level: number): void;
  /** `kind` is a fixed word of the code, such as `subscribe`. */
  putOff(kind: string): void;
  /** `event` is `posted`, `failed` or `refused`. */
  webhook(event: string): void;
  httpRequest(method: string, status: number): void;
  /** Says where the figures of drachtio-servers are taken from, whenever somebody asks for them. */
  readEdgeServers(read: () => readonly EdgeServer[]): void;
  readonly liveStreams: { inc(): void; dec(): void };
}

/** A fresh set of metrics with a registry of its own. `worker`: which of several processes counts, a label of all. */
export function createMetrics(worker?: number): Metrics {
  const registry = new Registry();
  if (worker !== undefined) registry.setDefaultLabels({ worker: String(worker) });
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Tally({ name: `lamplighter_${name}`, help, labelNames, registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `lamplighter_${name}`, help, labelNames, registers: [registry] });

  const subscriptions = gauge('subscriptions', 'Live subscriptions that this node owns, by event `package`', [
    'package',
  ]);
  const notifies = counter('notifies_total', 'NOTIFYs by `result`: ok (2xx), refused, timeout, unreachable', [
    'result',
  ]);
  const latency = latencyHistogram(registry);
  const requests = counter('sip_requests_total', 'SIP requests answered, by `method` and `status`', [
    'method',
    'status',
  ]);
  const edgeEvents = counter(
    'edge_events_total',
    'What the SIP edge met, by `event`: messages dropped (malformed, untrusted ...), retransmissions, faults',
    ['event'],
  );
  const storeEvents = counter('store_events_total', 'Turns in the life of the store, by `event`', ['event']);
  const busEvents = counter('bus_events_total', 'Announcements of changed boards, by `event`', ['event']);
  const duplicates = counter(
    'duplicates_total',
    'Older subscriptions of a watcher that has subscribed to the same ID anew, by `event`: probed, then kept (answered), gone (refused) or silent; ended (too many of one watcher)',
    ['event'],
  );
  const authEvents = counter(
    'auth_events_total',
    'Authentication of SIP requests, by `event`: challenged, stale, authenticated, wrong, slowed, forbidden ...',
    ['event'],
  );
  const overload = gauge(
    'overload_level',
    'How much is put off: 0 nothing, 1 new subscriptions, 2 all that can wait',
  );
  const putOff = counter(
    'overload_refused_total',
    'Requests put off with 503 and Retry-After because of overload, by `kind`: subscribe (new), refresh, publish (new)',
    ['kind'],
  );
  const webhooks = counter('webhooks_total', 'Webhooks of callflows, by `event`: posted, failed, refused', [
    'event',
  ]);
  const http = counter('http_requests_total', 'HTTP requests answered, by `method` and `status`', [
    'method',
    'status',
  ]);
  const streams = gauge('live_streams', 'Open streams of server-sent events');
  let readServers: () => readonly EdgeServer[] = () => [];
  addEdgeServers(registry, () => readServers());
  addProcess(registry);

  return {
    registry,
    subscriptions: remember((name) => subscriptions.labels(name)),
    notifies: Object.fromEntries(NOTIFY_RESULTS.map((result) => [result, notifies.of(result)])) as Record<
      NotifyOutcome,
      Bump
    >,
    lampLatency: (seconds) => latency.observe(seconds),
    sipRequest: byMethod(requests, SIP_METHODS),
    edgeEvent: byWord(edgeEvents),
    storeEvent: byWord(storeEvents),
    busEvent: byWord(busEvents),
    duplicate: byWord(duplicates),
    authEvent: byWord(authEvents),
    overloadLevel: (level) => overload.set(level),
    putOff: byWord(putOff),
    webhook: byWord(webhooks),
    httpRequest: byMethod(http, HTTP_METHODS),
    readEdgeServers: (read) => {
      readServers = read;
    },
    liveStreams: streams,
  };
}

/** The README's table of metrics in Markdown, without its markers. */
export async function metricsTableText(): Promise<string> {
  const metrics = await createMetrics().registry.getMetricsAsJSON();
  const lines = metrics.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  return ['| metric | type | meaning |', '|---|---|---|', ...lines].join('\n');
}

function latencyHistogram(registry: Registry): LatencyHistogram {
  const name = 'lamplighter_lamp_latency_seconds';
  const latency = new LatencyHistogram(name, 'Seconds from an accepted change to its NOTIFY being sent');
  // The registry calls `get` and `reset`, and no more.
  registry.registerMetric(latency as unknown as Metric);
  return latency;
}

/** `server` is `host:port` of the configuration. */
function addEdgeServers(registry: Registry, read: () => readonly EdgeServer[]): void {
  new Gauge({
    name: 'lamplighter_drachtio_connected',
    help: 'Whether a drachtio-server is connected (1) or not (0), by `server`',
    labelNames: ['server'],
    registers: [registry],
    collect() {
      for (const { name, ready } of read()) this.labels(name).set(ready ? 1 : 0);
    },
  });
  new Counter({
    name: 'lamplighter_drachtio_requests_total',
    help: 'Requests sent through a drachtio-server (NOTIFY, OPTIONS, BYE), by `server`',
    labelNames: ['server'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, requests } of read()) this.labels(name).inc(requests);
    },
  });
}

/** What an operator needs of the process itself; prom-client's own set costs a GC observer and a 10 ms timer. */
function addProcess(registry: Registry): void {
  new Gauge({
    name: 'lamplighter_resident_memory_bytes',
    help: 'Memory of the process (resident)',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'lamplighter_cpu_seconds',
    help: 'CPU seconds that the process has used, user and system',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.set((user + system) / 1e6);
    },
  });
}

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

function byWord(tally: Tally): (word: string) => void {
  const bump = remember((word: string) => tally.of(word));
  return (word) => bump(word)();
}

function byMethod(tally: Tally, names: readonly string[]): (method: string, status: number) => void {
  const known = new Set(names);
  const child = remember((method: string) => remember((status: number) => tally.of(method, String(status))));
  return (method, status) => child(known.has(method) ? method : 'other')(status)();
}
