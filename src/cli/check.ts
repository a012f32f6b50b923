import { parseArgs } from 'node:util';
import { configTableText } from '../config/table.ts';
import { type Config, configTable, loadConfig } from '../config.ts';
import type { CliIo } from './io.ts';

const OPTIONS = { table: { type: 'boolean' } } as const;

/** `check`: says what the configuration would make, or in one line why it cannot be used. */
export function checkCommand(args: readonly string[], io: CliIo): void {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const text = values.table ? configTableText(configTable()) : summary(loadConfig(io.env)).join('\n');
  io.out(text);
}

function summary(config: Config): readonly string[] {
  const { http, redis, realms } = config;
  const names = Object.keys(realms);
  return [
    `node    ${config.nodeId}`,
    `edge    ${edgeOf(config)}`,
    `store   ${redis.url === '' ? `embedded, in ${config.dataDir}` : `Redis at ${withoutPassword(redis.url)}, keys ${redis.prefix}:*`}`,
    `http    ${http.host} port ${http.port}, ${http.tokens.length === 0 ? 'without tokens' : `${http.tokens.length} token(s)`}`,
    `realms  ${names.length === 0 ? 'every SIP domain' : names.join(', ')}`,
    `phones  ${phonesOf(config)}`,
  ];
}

function phonesOf({ sip, auth }: Config): string {
  if (auth.mode === 'off') return sip.trustedNetworks.join(' ') || 'none: sip.trustedNetworks is empty';
  const trusted = auth.trustedNetworks.length === 0 ? '' : `, without one ${auth.trustedNetworks.join(' ')}`;
  return `everywhere with a password (Digest)${trusted}`;
}

function edgeOf({ sip, drachtio }: Config): string {
  const servers = drachtio.servers.map(({ host, port }) => `${host} port ${port}`);
  if (servers.length > 0) return `drachtio-server at ${servers.join(', ')}`;
  const secure = sip.tlsCertificate !== '';
  const listeners = [
    sip.udp && `UDP ${sip.port}`,
    sip.tcp && `TCP ${sip.port}`,
    secure && sip.tls && `TLS ${sip.tlsPort}`,
    sip.ws && `WebSocket ${sip.wsPort}`,
    secure && sip.wss && `secure WebSocket ${sip.wssPort}`,
  ];
  return `embedded, ${listeners.filter(Boolean).join(', ')}`;
}

function withoutPassword(urls: string): string {
  return urls.replace(/(\/\/[^:@/,]*:)[^@/,]*@/g, '$1***@');
}
