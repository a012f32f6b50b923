import { createSocket } from 'node:dgram';
import { isFault } from '../../errors.ts';
import { closeAll, type Listener, listen, SIP_PORT } from './listen.ts';

/** How long a start waits for processes that are just ending, in ms: those of a primary that was killed end after it. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 100;

/**
 * Whether a UDP port is nobody's: each process that shares one would get a part of the other's datagrams, without a word of
 * the system. Gives the port (for 0 one that is free now). Rejects with PORT_TAKEN or EDGE_AWAY.
 */
export async function probeUdp(port: number): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await openOnce(port);
    } catch (error) {
      if (!isFault(error, 'PORT_TAKEN') || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function openOnce(port: number): Promise<number> {
  const opened = await listen({ transport: 'udp', host: '', port, setting: SIP_PORT, open: openAlone });
  const [first] = opened;
  await closeAll(opened);
  return first?.point.port ?? port;
}

/** Without `reusePort` the system refuses a port that anybody has. */
async function openAlone(address: string, port: number): Promise<Listener> {
  const isIpv6 = address.includes(':');
  const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', ipv6Only: isIpv6 });
  const close = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port }, resolve);
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { point: { transport: 'udp', address, port: socket.address().port }, close };
}
