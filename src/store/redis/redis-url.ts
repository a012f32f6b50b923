import { Fault } from '../../errors.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is and how it is reached, read from `redis.url`. */
export interface RedisTarget {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server, the sentinels, or some nodes of the Cluster. */
  readonly addresses: readonly [RedisAddress, ...RedisAddress[]];
  /** What the sentinels call the master; empty unless kind is sentinel. */
  readonly master: string;
  readonly username: string;
  readonly password: string;
  readonly db: number;
  readonly tls: boolean;
}

const FORM =
  /^(?<scheme>rediss?):\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?@]+)(?:\/(?<db>\d*))?(?:\?(?<query>.*))?$/;

/**
 * Reads `redis[s]://[user:password@]host[:port][,host[:port]...][/db][?cluster]` or `...?sentinel=<master>`.
 * Several hosts need one of the two. Throws CONFIG_INVALID, without the password in its message.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const parts = FORM.exec(url)?.groups;
  if (parts === undefined) throw invalid('it is not a Redis URL');
  const query = new URLSearchParams(parts.query ?? '');
  const kind = kindOf(query);
  const [first, ...more] = (parts.hosts ?? '').split(',').map((host) => parseAddress(host, kind));
  if (first === undefined || (kind === 'single' && more.length > 0)) throw invalid('several hosts are given');
  const db = Number(parts.db ?? 0);
  if (kind === 'cluster' && db !== 0) throw invalid('a Cluster has only database 0');
  return {
    kind,
    addresses: [first, ...more],
    master: query.get('sentinel') ?? '',
    username: decode(parts.username ?? ''),
    password: decode(parts.password ?? ''),
    db,
    tls: parts.scheme === 'rediss',
  };
}

/** The target for people: without the password. */
export function formatTarget(target: RedisTarget): string {
  const hosts = target.addresses.map(({ host, port }) =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  );
  return `${target.tls ? 'rediss' : 'redis'}://${hosts.join(',')}${target.kind === 'single' ? '' : ` (${target.kind})`}`;
}

function kindOf(query: URLSearchParams): RedisTarget['kind'] {
  for (const name of query.keys()) {
    if (name !== 'cluster' && name !== 'sentinel') throw invalid(`"${name}" is not known`);
  }
  if (query.has('cluster') && query.has('sentinel')) throw invalid('cluster and sentinel exclude each other');
  if (query.has('sentinel') && !query.get('sentinel')) throw invalid('sentinel has no master name');
  if (query.has('sentinel')) return 'sentinel';
  return query.has('cluster') ? 'cluster' : 'single';
}

function parseAddress(text: string, kind: RedisTarget['kind']): RedisAddress {
  const parts = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(
    text.trim(),
  )?.groups;
  const port = Number(parts?.port ?? (kind === 'sentinel' ? 26379 : 6379));
  if (parts === undefined || port < 1 || port > 65535) throw invalid(`"${text}" is not host:port`);
  return { host: parts.v6 ?? parts.name ?? '', port };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('its user or password is not percent-encoded');
  }
}

function invalid(current: string): Fault {
  return new Fault(
    'CONFIG_INVALID',
    `Cannot use redis.url: ${current}, redis[s]://[user:password@]host[:port][,host...][/db][?cluster or ?sentinel=<master>] is wanted`,
  );
}
