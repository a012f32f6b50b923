import type { Config } from './config.ts';
import { Fault } from './errors.ts';
import type { ListenPoint } from './ports/edge.ts';
import { type Server, serve } from './server.ts';

/**
 * Runs Lamplighter until SIGTERM or SIGINT and says in five lines how to light a first lamp. What cannot start
 * says so in one line and leaves exit code 1.
 */
export async function run(load: () => Config): Promise<void> {
  try {
    const config = load();
    const server = await serve(config);
    console.log(welcome(config, server).join('\n'));
    const { reload } = server;
    // Without a certificate, a terminal that is closed ends the process as ever.
    if (reload !== null) process.on('SIGHUP', reload);
    const displaced = await Promise.race([untilStopped(), server.displaced]);
    if (reload !== null) process.off('SIGHUP', reload);
    await server.stop();
    if (displaced !== null) throw displaced;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`${error.message} [${error.code}]`);
    process.exitCode = 1;
  }
}

/** Resolves at the first signal; until then the process stays alive. */
function untilStopped(): Promise<null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const alive = setInterval(() => {}, 0x7fffffff);
  const stop = () => {
    clearInterval(alive);
    resolve(null);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return promise;
}

function welcome(config: Config, server: Server): readonly string[] {
  const { address, port } = server.http;
  const api = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const store = config.redis.url === '' ? `embedded store in ${config.dataDir}/` : 'Redis';
  const edge = config.drachtio.servers.length > 0 ? 'drachtio' : 'this process';
  const token = config.http.tokens.length > 0 ? ' -H "authorization: Bearer $TOKEN"' : '';
  const body = `-H 'content-type: application/json' -d '{"status":"busy"}'`;
  return [
    `Lamplighter is up: SIP on ${places(server.edge)} (${edge}), ${store}, ${server.takenUp} subscriptions taken up`,
    phonesOf(config),
    `API, ${config.http.tokens.length} tokens: ${api} (described at ${api}/openapi.json)`,
    `Watch a lamp: npx lamplighter watch night${watchOptions(server.edge)}`,
    `Light it:     curl -X PUT ${api}/v1/realms/default/presence/night${token} ${body}`,
  ];
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
