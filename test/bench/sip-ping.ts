import { createSocket } from 'node:dgram';
import { HOST } from './phone-text.ts';

/** A UDP port on loopback that nobody used a moment ago. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

/** True if something answers an OPTIONS on that UDP port within 200 ms, whatever it says. */
export async function sipPing(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  const own = socket.address().port;
  const tag = Math.random().toString(36).slice(2);
  const text = [
    `OPTIONS sip:${HOST}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${HOST}:${own};branch=z9hG4bK${tag};rport`,
    'Max-Forwards: 70',
    `From: <sip:ping@${HOST}>;tag=${tag}`,
    `To: <sip:${HOST}:${port}>`,
    `Call-ID: ${tag}@bench`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:ping@${HOST}:${own}>`,
    'Content-Length: 0\r\n\r\n',
  ].join('\r\n');
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('message', () => resolve(true));
      socket.once('error', () => resolve(false));
      setTimeout(() => resolve(false), 200);
      socket.send(text, port, HOST);
    });
  } finally {
    socket.close();
  }
}
