import type { Flow, ListenPoint } from '../../ports/edge.ts';
import { formatHostPort } from '../../sip/host.ts';
import type { ByteString } from '../../sip/message.ts';
import { pointFor } from './listen-points.ts';

/** The URI of our Contact for a phone on this flow: where drachtio-server can be reached on the same transport. */
export function contactUri(points: readonly ListenPoint[], flow: Flow): ByteString {
  const point = pointFor(points, flow) ?? { address: flow.localAddress, port: flow.localPort };
  const host = point.address.includes(':') ? `[${point.address}]` : point.address;
  const transport = flow.transport === 'udp' ? '' : `;transport=${flow.transport}`;
  return `sip:${formatHostPort({ host, port: point.port })}${transport}`;
}
