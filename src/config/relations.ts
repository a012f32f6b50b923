import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { isLoopback } from '../trust.ts';

type Relation = (config: Config) => string | null;

/** What no key shows alone: the first contradiction in words that say what is wanted, or null. */
export function contradictionIn(config: Config): string | null {
  for (const relation of RELATIONS) {
    const found = relation(config);
    if (found !== null) return found;
  }
  return null;
}

const RELATIONS: readonly Relation[] = [
  workersShare,
  expiresInOrder,
  certificateWithKey,
  idleAboveExpires,
  somethingHeard,
  portsApart,
  tokensWhenWide,
  tokensDiffer,
  realmsApart,
  tokenRealmsExist,
  nonceOutlivesHalf,
  authRealmsExist,
];

/** A file has one process; a drachtio-server gives requests to its clients in its own way, and one process drives several. */
function workersShare({ workers, redis, drachtio }: Config): string | null {
  if (workers === 1) return null;
  if (redis.url === '')
    return `Cannot use workers ${workers} with the embedded store: it must be 1, or redis.url must be set`;
  if (drachtio.servers.length > 0)
    return `Cannot use workers ${workers} with drachtio.host: it must be 1, for one process drives several drachtio-servers`;
  return null;
}

function expiresInOrder({ sip }: Config): string | null {
  const { minExpiresSeconds: min, defaultExpiresSeconds: usual, maxExpiresSeconds: max } = sip;
  if (min <= usual && usual <= max) return null;
  return `Cannot use sip.minExpiresSeconds ${min}, sip.defaultExpiresSeconds ${usual}, sip.maxExpiresSeconds ${max}: they must not fall in this order`;
}

function certificateWithKey({ sip }: Config): string | null {
  if ((sip.tlsCertificate === '') === (sip.tlsKey === '')) return null;
  return 'Cannot use only one of sip.tlsCertificate and sip.tlsKey: both must be set, or none';
}

/** RFC 5626 §4.2.2: a subscription ends with its flow, so a phone must have had its time to refresh. */
function idleAboveExpires({ sip, limits }: Config): string | null {
  if (limits.idleSeconds > sip.maxExpiresSeconds) return null;
  return `Cannot use limits.idleSeconds ${limits.idleSeconds} with sip.maxExpiresSeconds ${sip.maxExpiresSeconds}: it must be more`;
}

/** The listeners are the embedded edge's: a drachtio-server has its own. */
function somethingHeard({ sip, drachtio }: Config): string | null {
  const { udp, tcp, ws, tls, wss } = sip;
  const secure = sip.tlsCertificate !== '' && (tls || wss);
  if (drachtio.servers.length > 0 || udp || tcp || ws || secure) return null;
  return 'Cannot use sip.udp, sip.tcp and sip.ws all false: one of them must be true';
}

function portsApart({ sip, http, drachtio }: Config): string | null {
  const embedded = drachtio.servers.length === 0;
  const secure = embedded && sip.tlsCertificate !== '';
  const streams = [
    { key: 'sip.port', port: sip.port, used: embedded && sip.tcp },
    { key: 'sip.wsPort', port: sip.wsPort, used: embedded && sip.ws },
    { key: 'sip.tlsPort', port: sip.tlsPort, used: secure && sip.tls },
    { key: 'sip.wssPort', port: sip.wssPort, used: secure && sip.wss },
    { key: 'http.port', port: http.port, used: true },
  ].filter((stream) => stream.used && stream.port !== 0);
  for (const [index, one] of streams.entries()) {
    const other = streams.slice(index + 1).find((stream) => stream.port === one.port);
    if (other) return `Cannot use ${one.key} and ${other.key} both ${one.port}: they must differ`;
  }
  return null;
}

function tokensWhenWide({ http }: Config): string | null {
  if (http.tokens.length > 0 || http.host === 'localhost' || isLoopback(http.host)) return null;
  return `Cannot use http.host "${http.host}" without http.tokens (LAMPLIGHTER_HTTP_TOKENS): others could change every lamp, set a token or use 127.0.0.1`;
}

function tokensDiffer({ http }: Config): string | null {
  const names = http.tokens.map((token) => token.token);
  return new Set(names).size === names.length
    ? null
    : 'Cannot use http.tokens: one token stands there twice, each must be there once';
}

function realmsApart({ realms }: Config): string | null {
  const owner = new Map<string, string>(Object.keys(realms).map((name) => [name, name]));
  for (const [name, aliases] of Object.entries(realms)) {
    for (const alias of aliases) {
      const other = owner.get(alias) ?? name;
      if (other !== name)
        return `Cannot use "${alias}" in realms: it is in "${other}" and in "${name}", only one may have it`;
      owner.set(alias, name);
    }
  }
  return null;
}

function tokenRealmsExist({ realms, http }: Config): string | null {
  const known = new Set(Object.entries(realms).flatMap(([name, aliases]) => [name, ...aliases]));
  if (known.size === 0) return null;
  const names = http.tokens.flatMap((token) => token.realms);
  const missing = names.find((name) => name !== '*' && isIP(name) === 0 && !known.has(name));
  return missing === undefined
    ? null
    : `Cannot use realm "${missing}" in http.tokens: realms has no such name, it must be one of ${[...known].join(', ')}`;
}

/** A phone refreshes when about half of its time is over: with a nonce that is older it would have to try twice. */
function nonceOutlivesHalf({ auth, sip }: Config): string | null {
  const { mode, nonceLifetimeSeconds: life } = auth;
  const half = sip.maxExpiresSeconds / 2;
  if (mode === 'off' || life > half) return null;
  return `Cannot use auth.nonceLifetimeSeconds ${life} with sip.maxExpiresSeconds ${sip.maxExpiresSeconds}: it must be more than half of that, ${half}`;
}

/** Passwords and rules are for realms, not for their aliases: a phone is asked for the realm's name. */
function authRealmsExist({ realms, auth }: Config): string | null {
  const known = Object.keys(realms);
  if (known.length === 0) return null;
  for (const key of ['users', 'watch', 'publish'] as const) {
    const missing = Object.keys(auth[key]).find((name) => !known.includes(name));
    if (missing !== undefined)
      return `Cannot use realm "${missing}" in auth.${key}: realms has no such name, it must be one of ${known.join(', ')}`;
  }
  return null;
}
