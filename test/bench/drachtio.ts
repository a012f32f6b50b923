import { freePort } from '../support/free-port.ts';
import { HOST } from './phone-text.ts';
import { hasProgram, SERVER_CORE, start } from './process.ts';
import { freeUdpPort } from './sip-ping.ts';
import { tcpPing } from './tcp-ping.ts';

/** A drachtio-server to be used. */
export interface Drachtio {
  readonly sipPort: number;
  /** `host:port` of its admin port. */
  readonly admin: string;
  /** Null: it runs elsewhere, and its CPU is not seen. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

/** Why there is no drachtio-server; null: there is one. */
export function missingDrachtio(): string | null {
  const { DRACHTIO_HOST, DRACHTIO_BIN } = process.env;
  if (DRACHTIO_HOST) return null;
  const wanted = 'set DRACHTIO_BIN, or DRACHTIO_HOST (host:port of its admin port) and DRACHTIO_SIP_PORT';
  return hasProgram(DRACHTIO_BIN || 'drachtio') ? null : wanted;
}

/** The one of the environment (its SIP on loopback), or one of our own on the server's core. */
export async function openDrachtio(): Promise<Drachtio> {
  const { DRACHTIO_HOST, DRACHTIO_SIP_PORT, DRACHTIO_BIN } = process.env;
  if (DRACHTIO_HOST) {
    const sipPort = Number(DRACHTIO_SIP_PORT || 5060);
    return { sipPort, admin: DRACHTIO_HOST, pid: null, stop: () => Promise.resolve() };
  }
  const [sipPort, adminPort] = await Promise.all([freeUdpPort(), freePort()]);
  const config = new URL('../../config/drachtio.conf.xml', import.meta.url).pathname;
  const place = ['--contact', `sip:${HOST}:${sipPort};transport=udp`, '--address', HOST];
  const started = await start({
    command: [DRACHTIO_BIN || 'drachtio', '-f', config, ...place, '--port', String(adminPort)],
    core: SERVER_CORE,
    ready: () => tcpPing(adminPort),
  });
  return { sipPort, admin: `${HOST}:${adminPort}`, pid: started.pid, stop: started.stop };
}
