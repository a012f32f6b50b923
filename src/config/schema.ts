import { z } from 'zod';
import { LEG_STATES } from '../presence/leg.ts';
import { profileNames } from '../presence/profile/profiles.ts';
import { parseResource } from '../presence/resource.ts';
import { MOST_WORKERS } from '../sip/worker-mark.ts';
import { authSchema } from './auth-schema.ts';
import { keyDocs } from './doc.ts';
import { flag, isHost, isOrigin, networks, oneOf, port, text, whole } from './leaf.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const WEEK_SECONDS = 604_800;

const sip = z.strictObject({
  port: port('UDP and TCP port of the embedded edge; 0: any free one'),
  udp: flag('Listen on UDP'),
  tcp: flag('Listen on TCP'),
  ws: flag('Listen for SIP over WebSocket (RFC 7118)'),
  wsPort: port('WebSocket port; 0: any free one'),
  wsOrigins: z
    .array(z.string().refine((value) => value === '*' || isOrigin(value)))
    .readonly()
    .register(keyDocs, {
      wanted: 'a list of origins such as https://lamps.acme.example, or *',
      meaning:
        'Web pages that may use SIP over WebSocket, besides those of the same address, of `localhost` and of `sip.external`; `*`: all. Phones and other clients send no Origin and are not asked',
    }),
  tls: flag('Listen for SIP over TLS, once there is a certificate'),
  tlsPort: port('TLS port; 0: any free one'),
  wss: flag('Listen for SIP over secure WebSocket, once there is a certificate'),
  wssPort: port('Secure WebSocket port; 0: any free one'),
  tlsCertificate: text(() => true, {
    wanted: 'the path of a PEM file',
    meaning:
      'PEM file of the certificate for TLS and WSS, followed by those between it and a root; read again when it changes, and at SIGHUP. Empty: neither',
  }),
  tlsKey: text(() => true, {
    wanted: 'the path of a PEM file',
    meaning: 'PEM file of the private key of that certificate, without a passphrase',
  }),
  tlsMinVersion: oneOf(['TLSv1.2', 'TLSv1.3'], 'Oldest version of TLS that is spoken'),
  tlsVerifyPhones: flag(
    'When a phone must be connected to over TLS: whether its certificate must be issued by a root that Node knows. Most phones have one of their maker',
  ),
  external: text((value) => value === '' || isHost(value), {
    wanted: 'a host name or an IP address',
    meaning:
      'Host that phones reach us at, put into Contact and Via; empty: the address a request came in on',
  }),
  trustedNetworks: networks(
    'While `auth.mode` is `off`: networks whose phones are served; others get no answer (403 from the drachtio edge) and are counted',
  ),
  userCase: oneOf(['insensitive', 'sensitive'], 'How user parts of presence IDs are compared'),
  minExpiresSeconds: whole(1, 3600, 'Shortest subscription, in seconds; shorter ones get 423'),
  maxExpiresSeconds: whole(1, WEEK_SECONDS, 'Longest subscription granted, in seconds'),
  defaultExpiresSeconds: whole(1, WEEK_SECONDS, 'Granted to a SUBSCRIBE without Expires, in seconds'),
  expiresJitterPercent: whole(
    0,
    50,
    'Granted durations of subscriptions are up to that much shorter, at random, so that phones that came together do not refresh together; 0: exactly what was asked',
  ),
  watcherInfo: oneOf(
    ['own', 'all', 'off'],
    'Who may subscribe to `dialog.winfo` and `presence.winfo` of an ID, which tell who watches it: the one who has the ID, everybody, nobody',
  ),
  maxMessageBytes: whole(1300, 1_048_576, 'Longest SIP message taken, in bytes; longer ones get 413'),
  keepAlive: oneOf(
    ['off', 'crlf', 'options'],
    'What keeps NATs before phones on UDP open: CRLFs, or OPTIONS, whose answers also tell that a phone is back. The drachtio edge knows OPTIONS only',
  ),
  keepAliveSeconds: whole(
    1,
    3600,
    'Longest pause between two keep-alives to a phone, in seconds; the shortest is five sixths of it',
  ),
});

const limits = z.strictObject({
  connections: whole(
    1,
    1_000_000,
    'SIP connections (TCP, TLS, WebSocket) that are open at once; more are closed',
  ),
  connectionsPerSource: whole(1, 1_000_000, 'The same from one address (IPv6: one /64)'),
  requestsPerSecond: whole(
    1,
    1_000_000,
    'SIP requests and connections per second from one address (IPv6: one /64) after the burst; more are dropped, on connections with 503. Answers to NOTIFYs are never limited',
  ),
  requestBurst: whole(1, 1_000_000, 'The same at once'),
  exempt: networks(
    'Networks without these limits per address, such as that of a proxy with many phones behind it',
  ),
  messageSeconds: whole(
    1,
    600,
    'How long a handshake, or one message on a connection, may take to be whole, in seconds',
  ),
  idleSeconds: whole(
    60,
    WEEK_SECONDS,
    'A connection on which nothing is heard for that long is closed, in seconds; more than `sip.maxExpiresSeconds`',
  ),
  pingSeconds: whole(
    1,
    3600,
    'A WebSocket that is silent for that long is sent a ping, in seconds; after three without a word it is closed',
  ),
});

const realms = z
  .record(z.string().refine(isHost), z.array(z.string().refine(isHost)).readonly())
  .register(keyDocs, {
    wanted: 'realm names, each with a list of aliases, such as {"acme.example": ["sip.acme.example"]}',
    meaning:
      'The realms that exist, each with its aliases; then others get 404. Empty: every SIP domain is a realm. In the environment also `acme.example=sip.acme.example,10.1.1.1;other.example`',
  });

const lamp = z.strictObject({
  order: z
    .array(z.enum(LEG_STATES))
    .refine((order) => order.length === LEG_STATES.length && new Set(order).size === order.length)
    .readonly()
    .register(keyDocs, {
      wanted: `a list of ${LEG_STATES.join(', ')}, each once`,
      meaning: 'Which state a lamp shows when several calls differ, the strongest first',
    }),
});

const profile = z.strictObject({
  userAgent: z.string().max(200),
  like: z.enum(profileNames).optional(),
  dialogs: z.enum(['single', 'all']).optional(),
  idle: z.enum(['dummy', 'empty']).optional(),
  hold: z
    .strictObject({
      state: z.enum(['confirmed', 'early']),
      param: z.enum(['sip.rendering', '+sip.rendering']),
      attribute: z.enum(['pval', 'pvalue']),
    })
    .optional(),
  displays: z.boolean().optional(),
  pickup: z
    .string()
    .regex(/^sips?:[^\s<>"\p{Cc}]{1,200}$/u)
    .nullish(),
  presence: z.enum(['pidf', 'xpidf']).optional(),
  lists: z.enum(['rfc4662', 'broadworks']).optional(),
  lastNotify: z.boolean().optional(),
  phoneRate: z.number().gt(0).max(1000).nullish(),
});

const profiles = z.array(profile).readonly().register(keyDocs, {
  wanted: 'a list such as [{"userAgent": "yealink", "dialogs": "all"}] (see Phones in the README)',
  meaning:
    'What phones need to be different, by text in their User-Agent (empty: all); later entries stand above earlier ones and above what is known of the family',
});

const privacy = z.strictObject({
  view: oneOf(
    ['all', 'lamp', 'nothing'],
    'What watchers see: `all` with who talks to whom (needed for pickup), the `lamp` only, or `nothing` (always idle)',
  ),
});

const pacing = z.strictObject({
  burst: whole(1, 1000, 'NOTIFYs that one subscription may get at once before it is slowed down'),
  perSecond: z.number().gt(0).max(1000).register(keyDocs, {
    wanted: 'a number above 0, at most 1000',
    meaning: 'NOTIFYs per second for one subscription after the burst; the newest state wins',
  }),
});

/** A member of a list: a presence ID, or one with a name for people. */
const listMember = z.union([
  z.string().refine(isPresenceId),
  z.strictObject({ id: z.string().refine(isPresenceId), name: z.string().max(128) }),
]);

const lists = z.strictObject({
  batchMs: whole(
    0,
    10_000,
    'How long a change in a list waits for others, so that one NOTIFY tells of all, in ms',
  ),
  udpBytes: whole(
    600,
    65_500,
    'Longest NOTIFY of a list over UDP, in bytes; what does not fit follows in the next. The names of all members go into the first, and one member into each of the others, however long that is',
  ),
  streamBytes: whole(
    600,
    65_500,
    'Longest NOTIFY of a list over TCP, TLS and WebSocket, in bytes (through drachtio 3800 at most)',
  ),
  maxMembers: whole(1, 5_000, 'Most members of one list'),
  fixed: z
    .record(
      z.string().refine(isHost),
      z.record(
        z.string().refine((id) => parseResource(id, 'x')?.realm === 'x'),
        z.array(listMember).readonly(),
      ),
    )
    .register(keyDocs, {
      wanted:
        'realm names, each with lists of presence IDs by name, such as {"acme.example": {"desk": ["1001", {"id": "1002", "name": "Jo"}]}}',
      meaning:
        'Lists that phones can watch with one subscription (RFC 4662), besides those made with the API; the API cannot change these',
    }),
});

const callflows = z.strictObject({
  finalStatus: whole(300, 699, 'SIP status that a call gets whose callflow ends without an answer'),
  answerAndRelease: flag(
    'Answer such a call with 200 and inactive audio instead, then BYE: for phones that complain about a failed feature code',
  ),
  grants: z
    .record(
      z.string().refine(isHost),
      z.array(z.string().refine((name) => name === '*' || isHost(name))).readonly(),
    )
    .register(keyDocs, {
      wanted: 'realm names, each with the list of other realms, such as {"acme.example": ["branch.example"]}',
      meaning: 'Other realms whose IDs the callflows of a realm may set; `*`: all',
    }),
  webhookAllow: networks('Networks that webhooks may call besides public addresses'),
});

const token = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/),
  realms: z
    .array(z.string().refine((name) => name === '*' || isHost(name)))
    .nonempty()
    .readonly(),
  access: z.enum(['read', 'write']),
});

const http = z.strictObject({
  host: text(isHost, {
    wanted: 'a host name or an IP address',
    meaning: 'Address of the HTTP API; wider than loopback only with `http.tokens`',
  }),
  port: port('Port of the HTTP API; 0: any free one'),
  tokens: z.array(token).readonly().register(keyDocs, {
    wanted:
      'a list such as [{"token": "...", "realms": ["*"], "access": "write"}], with tokens of letters, digits and -._~+/',
    meaning:
      'Bearer tokens of the API, each with its realms (`*`: all) and access (`read`, or `write` for both). In the environment also `token=write:*;other=read:acme.example,b.example`; a token alone may write everywhere',
    secret: true,
  }),
});

const redis = z.strictObject({
  url: text((value) => value === '' || /^rediss?:\/\/\S+$/.test(value), {
    wanted: 'a URL such as redis://127.0.0.1:6379 (rediss:// for TLS)',
    meaning:
      'The Redis to store in (`redis://a,b,c?cluster` for a Cluster, `redis://s1,s2,s3?sentinel=mymaster` for Sentinel); empty: the embedded store under `dataDir`',
    alias: 'REDIS_URL',
    secret: true,
  }),
  prefix: text((value) => /^[A-Za-z0-9_.:-]{1,64}$/.test(value), {
    wanted: '1 to 64 letters, digits or _.:-',
    meaning: 'First part of every Redis key; deployments that share a Redis need different ones',
  }),
  requireNoeviction: flag(
    'Refuse to start on a Redis whose maxmemory-policy is not noeviction: it would drop lamps when its memory is short. One that does not tell (managed servers) is taken; false: only a warning',
  ),
});

const nodes = z.strictObject({
  takeOver: oneOf(
    ['reachable', 'udp', 'off'],
    'Which subscriptions of a lost node the others take over. `reachable`: where a NOTIFY from here arrives for certain (behind a proxy that record-routes or the same drachtio-server, or at our own address, as a virtual IP or sip.external); `udp`: every phone on UDP besides, for networks whose phones take NOTIFYs from any node; `off`: none. All others come back by their own SUBSCRIBE',
  ),
  takeOverPerSecond: whole(1, 100_000, 'Subscriptions of a lost node that are taken over in a second'),
});

const overload = z.strictObject({
  lagMs: whole(
    10,
    60_000,
    'How late the event loop may be, over a few seconds, before new SUBSCRIBEs are put off with 503 and Retry-After, in ms; at four times that refreshes with time left and new publications, too',
  ),
  requests: whole(
    1,
    1_000_000,
    'The same for SUBSCRIBEs that wait or are being served, and messages that wait for drachtio-server',
  ),
});

const drachtio = z.strictObject({
  host: text((value) => value === '' || value.split(',').every((part) => serverOf(part, 1) !== null), {
    wanted: 'a host, host:port, or several of them with commas between',
    meaning:
      'Admin address of drachtio-server; `host:port` and several with commas are possible; empty: the embedded edge',
    alias: 'DRACHTIO_HOST',
  }),
  port: port('Admin port of the servers that name none', 'DRACHTIO_PORT'),
  secret: text((value) => value !== '', {
    wanted: 'the secret that drachtio-server was given',
    meaning: 'Secret for the admin port',
    alias: 'DRACHTIO_SECRET',
    secret: true,
  }),
});

/** The shape of the configuration: every key is required here, `config/default.json` has them all. */
export const configSchema = z.strictObject({
  nodeId: text((value) => /^[A-Za-z0-9_.-]{0,64}$/.test(value), {
    wanted: 'at most 64 letters, digits or _.-',
    meaning:
      'Name of this process among the nodes on one store, the same after a restart; empty: host name and HTTP port (with the embedded store always the same)',
  }),
  workers: whole(
    1,
    MOST_WORKERS,
    'Processes on this machine that share its ports and its work, at best one for each core; more than 1 only with Redis and the embedded edge. Limits on sources and connections count in each',
  ),
  dataDir: text((value) => value !== '', {
    wanted: 'the path of a directory',
    meaning: 'Directory of the embedded store; one process at a time',
  }),
  logLevel: oneOf(LOG_LEVELS, 'Least level that is logged'),
  sip,
  limits,
  realms,
  auth: authSchema,
  lamp,
  profiles,
  privacy,
  pacing,
  legs: z.strictObject({
    expiresSeconds: whole(1, WEEK_SECONDS, 'Life of a call leg of which nothing more is heard, in seconds'),
  }),
  callflows,
  lists,
  http,
  redis,
  nodes,
  overload,
  drachtio,
});

function isPresenceId(id: string): boolean {
  return parseResource(id, 'x') !== null;
}

/** Host and port of `host`, `host:port`, `[v6]` or `[v6]:port`; null when it is neither. */
export function serverOf(part: string, defaultPort: number): { host: string; port: number } | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(part.trim());
  const host = match?.[1] ?? match?.[2];
  if (match === null || host === undefined || !isHost(host)) return null;
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  return port > 65_535 ? null : { host, port };
}
