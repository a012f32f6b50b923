import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { HOST } from '../bench/phone-text.ts';
import { freeUdpPort } from '../bench/sip-ping.ts';
import { tcpPing } from '../bench/tcp-ping.ts';
import { freePort } from '../support/free-port.ts';

const CONFIG = new URL('../../config/drachtio.conf.xml', import.meta.url).pathname;
/** How long a start may take, in ms. */
const PATIENCE_MS = 20_000;

/** A drachtio-server, real or double, that can be ended and started again on its ports. */
export interface DrachtioToKill {
  readonly adminPort: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The drachtio-server of DRACHTIO_BIN; it runs once `start` has resolved, and `stop` kills it (-9). */
export async function realDrachtio(program: string): Promise<DrachtioToKill> {
  const [sipPort, adminPort] = await Promise.all([freeUdpPort(), freePort()]);
  const place = ['--contact', `sip:${HOST}:${sipPort};transport=udp`, '--address', HOST];
  let child: ChildProcess | null = null;
  return {
    adminPort,
    start: async () => {
      child = spawn(program, ['-f', CONFIG, ...place, '--port', String(adminPort)], { stdio: 'ignore' });
      for (const end = performance.now() + PATIENCE_MS; !(await tcpPing(adminPort)); await pause(100)) {
        if (performance.now() > end) throw new Error(`${program} does not come up`);
      }
    },
    stop: async () => {
      if (child === null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      child = null;
      await ended;
    },
  };
}
