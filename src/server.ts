import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RunWorld } from './callflow/action.ts';
import type { Config } from './config.ts';
import { createCredentials } from './credentials/credentials.ts';
import { digestHash, sealOf } from './digest-hash.ts';
import { createDrachtioEdge } from './edge/drachtio/drachtio-edge.ts';
import { type Certificate, openCertificate } from './edge/embedded/certificate.ts';
import { createEmbeddedEdge } from './edge/embedded/edge.ts';
import type { EdgeLimits } from './edge/embedded/limits.ts';
import type { Fault } from './errors.ts';
import { readExamples } from './examples.ts';
import { createHttp } from './http/http.ts';
import { isGone, newInstance } from './instance.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { newIds } from './new-ids.ts';
import type { AuthParts } from './notifier/authenticator.ts';
import { createNotifier } from './notifier/notifier.ts';
import type { ListOptions, NotifierOptions } from './notifier/options.ts';
import { meterOf } from './notifier-meter.ts';
import { createPatternCompiler } from './pattern-compiler.ts';
import type { Clock } from './ports/clock.ts';
import type { Edge, ListenPoint } from './ports/edge.ts';
import type { Store } from './ports/store.ts';
import type { ProfileRule } from './presence/profile/profiles.ts';
import { realmOf } from './presence/realm.ts';
import { makeResource, type Resource } from './presence/resource.ts';
import type { ResourceList } from './presence/resource-list.ts';
import { workerMark } from './sip/worker-mark.ts';
import { createEmbeddedStore } from './store/embedded/store.ts';
import { createRedisStore } from './store/redis/store.ts';
import { trusts } from './trust.ts';
import { createWebhooks } from './webhook/webhooks.ts';
import type { Crew } from './workers/crew.ts';
import { machineOf } from './workers/machine.ts';
import { machineOfNode } from './workers/node-name.ts';
import { readXml } from './xml-reader.ts';
import { zoneClock } from './zone-clock.ts';

/** A running Lamplighter. */
export interface Server {
  readonly edge: readonly ListenPoint[];
  readonly http: { readonly address: string; readonly port: number };
  /** How many subscriptions were taken up from before. */
  readonly takenUp: number;
  /** Resolves when another process has taken the name of this node: then this one must stop. */
  readonly displaced: Promise<Fault>;
  /** Reads the TLS certificate again; null when there is none. */
  readonly reload: (() => void) | null;
  /** Ends it in order: no new requests, NOTIFYs in flight settled, progress written. Phones notice nothing. */
  stop(): Promise<void>;
}

/**
 * Starts Lamplighter: the one place where an edge and a store are picked. `crew`: the other processes that share its ports;
 * null when there are none. Rejects with a Fault that says what to do.
 */
export async function serve(config: Config, crew: Crew | null = null): Promise<Server> {
  const log = createLog({ level: config.logLevel, ...(crew && { worker: crew.worker }) });
  const metrics = createMetrics(crew?.worker);
  const newId = newIds();
  await using started = new AsyncDisposableStack();
  const store = await openStore(config, { log, metrics });
  started.defer(() => store.close());
  const auth = await authOf(config, store, log);
  const watchers = { log, metrics, crew };
  const certificate = certificateFor(config, watchers);
  started.defer(() => certificate?.close());
  const edge = edgeFor(config, certificate, watchers);
  started.defer(() => edge.stop());
  metrics.readEdgeServers(() => edge.servers());
  const displaced = Promise.withResolvers<Fault>();
  const notifier = createNotifier({
    edge,
    store,
    clock: SYSTEM_CLOCK,
    steady: () => performance.now(),
    instance: newInstance(),
    isGone,
    displaced: displaced.resolve,
    newId,
    random: Math.random,
    soon: setImmediate,
    options: notifierOptions(config, crew),
    meter: meterOf(metrics),
    log: log.notifier,
    webhooks: createWebhooks({
      allowed: config.callflows.webhookAllow,
      count: metrics.webhook,
      log: (level, message, details) => log.notifier[level](details, message),
    }),
    world: worldOf(config),
    readXml,
    auth,
  });
  started.defer(() => notifier.stop());
  const takenUp = await notifier.start();
  const http = createHttp({
    config,
    service: notifier.service,
    callflows: notifier.callflows,
    lists: notifier.lists,
    metrics,
    machine: crew && machineOf(crew, metrics, () => notifier.service.health()),
    log: log.http,
    newId,
    listening: () => edge.listening(),
    examples: readExamples(),
    users: store.credentials,
    hash: digestHash,
    pageFolder: PAGE_FOLDER,
  });
  started.defer(() => http.stop());
  const address = await http.start();
  const running = started.move();
  return {
    edge: edge.listening(),
    http: address,
    takenUp,
    reload: certificate && (() => certificate.reload()),
    displaced: displaced.promise,
    stop: () => running.disposeAsync(),
  };
}

/** Where Vite puts the built page. */
const PAGE_FOLDER = join(import.meta.dirname, '../dist/web');

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};

interface Watchers {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly crew: Crew | null;
}

function openStore(config: Config, { log, metrics }: Pick<Watchers, 'log' | 'metrics'>): Promise<Store> {
  if (config.redis.url === '') return createEmbeddedStore({ dataDir: config.dataDir });
  const { url, prefix, requireNoeviction: noEviction } = config.redis;
  return createRedisStore({ url, prefix, noEviction, count: metrics.storeEvent, log: log.store });
}

/** The certificate that TLS and WSS show; null when they are off. Throws CONFIG_INVALID when it cannot be used. */
function certificateFor({ sip, drachtio }: Config, { log }: Watchers): Certificate | null {
  if (sip.tlsCertificate === '' || drachtio.servers.length > 0) return null;
  return openCertificate({
    certificate: sip.tlsCertificate,
    key: sip.tlsKey,
    minVersion: sip.tlsMinVersion,
    log: (level, message, details) => log.edge[level](details, message),
  });
}

function edgeFor(config: Config, certificate: Certificate | null, { log, metrics, crew }: Watchers): Edge {
  const { sip, drachtio, limits, nodeId } = config;
  const shared = {
    ...edgeTrust(config),
    count: metrics.edgeEvent,
    log: (level: 'info' | 'warn', message: string, details: object) => log.edge[level](details, message),
  };
  if (drachtio.servers.length > 0) {
    const { secret } = drachtio;
    const servers = drachtio.servers.map((server) => ({ ...server, secret }));
    return createDrachtioEdge({ ...shared, servers, clock: SYSTEM_CLOCK });
  }
  return createEmbeddedEdge({
    ...shared,
    host: '',
    udpPort: sip.udp ? (crew?.udpPort ?? sip.port) : null,
    tcpPort: sip.tcp ? sip.port : null,
    tlsPort: certificate && sip.tls ? sip.tlsPort : null,
    wsPort: sip.ws ? sip.wsPort : null,
    wssPort: certificate && sip.wss ? sip.wssPort : null,
    tls: certificate && { context: () => certificate.context, verify: sip.tlsVerifyPhones },
    limits: edgeLimits(limits),
    wsOrigins: sip.wsOrigins,
    external: sip.external,
    maxMessageBytes: sip.maxMessageBytes,
    isSibling: (node) => machineOfNode(node) === machineOfNode(nodeId),
    ...(crew && { siblings: crew.siblings }),
    keepAlive: sip.keepAlive === 'options' ? 'options' : 'crlf',
  });
}

function edgeLimits(limits: Config['limits']): EdgeLimits {
  const { messageSeconds, idleSeconds, pingSeconds, exempt, ...counts } = limits;
  const times = { messageMs: 1000 * messageSeconds, idleMs: 1000 * idleSeconds, pingMs: 1000 * pingSeconds };
  return { ...counts, ...times, exempts: trusts(exempt) };
}

/** Whom an edge listens to, and whose datagrams it believes to come from where they say. */
function edgeTrust({ sip, auth }: Config) {
  const believes = trusts(auth.trustedNetworks);
  return auth.mode === 'off'
    ? { trusts: trusts(sip.trustedNetworks), believes: () => true }
    : { trusts: () => true, believes };
}

/** What passwords are checked with; null when nobody needs one. */
async function authOf({ auth }: Config, store: Store, log: Log): Promise<AuthParts | null> {
  if (auth.mode === 'off') return null;
  const secret = auth.nonceSecret || (await store.credentials.nonceSecret(randomBytes(32).toString('hex')));
  return {
    credentials: createCredentials({
      auth,
      stored: store.credentials,
      clock: SYSTEM_CLOCK,
      log: log.notifier,
    }),
    hash: digestHash,
    seal: sealOf(secret),
    trusts: trusts(auth.trustedNetworks),
    nonceLifetimeMs: auth.nonceLifetimeSeconds * 1000,
    algorithms: auth.algorithms,
  };
}

function notifierOptions(config: Config, crew: Crew | null): NotifierOptions {
  const { sip, auth, lamp, pacing, nodeId, realms, callflows } = config;
  return {
    nodeId,
    realms: { realms, external: sip.external },
    userCase: sip.userCase,
    expires: { min: sip.minExpiresSeconds, max: sip.maxExpiresSeconds, byDefault: sip.defaultExpiresSeconds },
    expiresJitter: sip.expiresJitterPercent / 100,
    order: lamp.order,
    rate: pacing,
    calls: callflows,
    watcherInfo: sip.watcherInfo,
    profiles: config.profiles.map(ruleOf),
    view: config.privacy.view,
    keepAliveSeconds: sip.keepAlive === 'off' ? 0 : sip.keepAliveSeconds,
    privacy: { watch: auth.watch, publish: auth.publish },
    lists: listOptions(config),
    tagMark: crew === null ? '' : workerMark(crew.worker),
    takeOver: { mode: config.nodes.takeOver, perSecond: config.nodes.takeOverPerSecond },
    overload: config.overload,
  };
}

/** Zod writes absent members as `?: T | undefined`, and never sets one to undefined. */
function ruleOf({ userAgent, like, ...changes }: Config['profiles'][number]): ProfileRule {
  return { userAgent, changes, ...(like !== undefined && { like }) } as ProfileRule;
}

/** drachtio-server reads 4036 octets while others may follow, 12,150 alone, with what is added on the way. */
const DRACHTIO_OCTETS = { usual: 3_800, most: 11_900 } as const;
/** The longest datagram, and long enough for streams. */
const MOST_OCTETS = 65_500;

function listOptions({ lists, sip, drachtio }: Config): ListOptions {
  const { batchMs, udpBytes, streamBytes, maxMembers, fixed } = lists;
  const isEmbedded = drachtio.servers.length === 0;
  const usual = isEmbedded ? MOST_OCTETS : DRACHTIO_OCTETS.usual;
  return {
    batchMs,
    udpOctets: Math.min(udpBytes, usual),
    streamOctets: Math.min(streamBytes, usual),
    mostOctets: isEmbedded ? MOST_OCTETS : DRACHTIO_OCTETS.most,
    mostMembers: maxMembers,
    fixed: Object.entries(fixed).flatMap(([realm, named]) =>
      Object.entries(named).flatMap(([name, members]) =>
        fixedList(makeResource(name, realm, sip.userCase), name, members),
      ),
    ),
  };
}

type FixedMembers = Config['lists']['fixed'][string][string];

function fixedList(resource: Resource | null, name: string, members: FixedMembers): readonly ResourceList[] {
  if (resource === null) return [];
  const all = members.map((member) => (typeof member === 'string' ? { id: member } : member));
  return [{ realm: resource.realm, id: resource.user, name, members: all, rev: 0 }];
}

/** What callflows are told of the world: time zones, patterns, and the realms that each realm's flows may touch. */
function worldOf(config: Config): (realm: string) => RunWorld {
  const compile = createPatternCompiler();
  const rules = { realms: config.realms, external: config.sip.external };
  const { userCase } = config.sip;
  return (realm) => ({
    zoneTime: zoneClock,
    compile,
    grantedRealms: config.callflows.grants[realm] ?? [],
    realmNamed: (name) => realmOf(name, rules),
    userCase,
  });
}
