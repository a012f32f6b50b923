import type { ListenPoint, Transport } from '../../ports/edge.ts';

const TRANSPORTS: readonly string[] = ['udp', 'tcp', 'tls', 'ws', 'wss'] satisfies readonly Transport[];

/**
 * What drachtio-server says it listens on, `tls/192.0.2.1:5061,udp/[2001:db8::1]:5060`, in its order. With an
 * external address configured these are the external ones. Entries that cannot be read are left out.
 */
export function parseListenPoints(hostports: string): readonly ListenPoint[] {
  return hostports.split(',').flatMap((entry) => {
    const slash = entry.indexOf('/');
    const place = splitAddress(entry.slice(slash + 1));
    const transport = entry.slice(0, slash);
    return place && isTransport(transport) ? [{ transport, ...place }] : [];
  });
}

/** `address:port` in its parts, without the brackets of IPv6; null when there is no port. */
export function splitAddress(text: string): { address: string; port: number } | null {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return { address: bareAddress(text.slice(0, colon)), port };
}

/** An address without the brackets of IPv6 and without its zone. */
export function bareAddress(text: string): string {
  return text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
}

/**
 * The point that a phone should be given for this flow: the one that heard it, or else one of the same transport
 * on the same port (the external address of it), or else the first of that transport.
 */
export function pointFor(
  points: readonly ListenPoint[],
  heard: { readonly transport: Transport; readonly localAddress: string; readonly localPort: number },
): ListenPoint | null {
  const same = points.filter((point) => point.transport === heard.transport);
  const onPort = same.filter((point) => point.port === heard.localPort);
  return onPort.find((point) => point.address === heard.localAddress) ?? onPort[0] ?? same[0] ?? null;
}

function isTransport(text: string): text is Transport {
  return TRANSPORTS.includes(text);
}
