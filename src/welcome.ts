import type { Config } from './config.ts';
import type { ListenPoint } from './ports/edge.ts';

/** What was opened. */
export interface Opened {
  readonly edge: readonly ListenPoint[];
  readonly http: { readonly address: string; readonly port: number };
  /** How many subscriptions were taken up from before. */
  readonly takenUp: number;
}

/** Says in five lines how to light a first lamp. */
export function welcome(config: Config, opened: Opened): readonly string[] {
  const { address, port } = opened.http;
  const api = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const store = config.redis.url === '' ? `embedded store in ${config.dataDir}/` : 'Redis';
  const edge = edgeOf(config);
  const token = config.http.tokens.length > 0 ? ' -H "authorization: Bearer $TOKEN"' : '';
  const body = `-H 'content-type: application/json' -d '{"status":"busy"}'`;
  return [
    `Lamplighter is up: SIP on ${places(opened.edge)} (${edge}), ${store}, ${opened.takenUp} subscriptions taken up`,
    phonesOf(config),
    `API, ${config.http.tokens.length} tokens: ${api} (described at ${api}/openapi.json)`,
    `Watch a lamp: npx lamplighter watch night${watchOptions(opened.edge)}`,
    `Light it:     curl -X PUT ${api}/v1/realms/default/presence/night${token} ${body}`,
  ];
}

function edgeOf({ drachtio, workers }: Config): string {
  if (drachtio.servers.length > 0) return 'drachtio';
  return workers > 1 ? `${workers} workers` : 'this process';
}

function phonesOf({ auth, sip }: Config): string {
  if (auth.mode === 'off') {
    return `No SIP authentication is configured, so only these networks are served: ${sip.trustedNetworks.join(' ')}`;
  }
  const but = auth.trustedNetworks.length === 0 ? '' : ` but ${auth.trustedNetworks.join(' ')}`;
  return `SIP wants a password (Digest) from every network${but}; sip.trustedNetworks is not used`;
}

function places(points: readonly ListenPoint[]): string {
  const names = points.map(({ transport, port }) => `${transport} ${port}`);
  return [...new Set(names)].join(', ') || 'nothing yet';
}

/** What `watch` must be told when SIP is not on the standard port. */
function watchOptions(points: readonly ListenPoint[]): string {
  const udp = points.find(({ transport }) => transport === 'udp');
  return udp === undefined || udp.port === 5060 ? '' : ` --port ${udp.port}`;
}
