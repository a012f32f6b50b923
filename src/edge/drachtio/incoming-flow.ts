import type { Flow, ListenPoint, Transport } from '../../ports/edge.ts';
import { headerOf, type SipRequest } from '../../sip/message.ts';
import { parseVia } from '../../sip/via.ts';
import type { HeardFrom } from './heard.ts';
import { bareAddress, pointFor, splitAddress } from './listen-points.ts';

/** The streams that drachtio-server may mean when it says `tcp` or `tls`. */
const STREAM_OF: Readonly<Record<string, Transport>> = { TCP: 'tcp', TLS: 'tls', WS: 'ws', WSS: 'wss' };

/** Where a request came from and which listener of drachtio-server heard it. */
export function incomingFlow(heard: HeardFrom, message: SipRequest, points: readonly ListenPoint[]): Flow {
  const transport = transportOf(heard.protocol, message);
  const local = splitAddress(heard.receivedOn) ?? pointFor(points, { transport, ...UNKNOWN });
  return {
    transport,
    remoteAddress: bareAddress(heard.address),
    remotePort: heard.port,
    localAddress: local?.address ?? '',
    localPort: local?.port ?? 0,
  };
}

const UNKNOWN = { localAddress: '', localPort: 0 };

/** drachtio-server reports a WebSocket as `tcp`; what the client wrote into its Via tells them apart (RFC 7118 §5.2). */
function transportOf(protocol: string, message: SipRequest): Transport {
  if (protocol === 'udp') return 'udp';
  const via = parseVia(headerOf(message, 'via') ?? '');
  return STREAM_OF[via?.transport ?? ''] ?? (protocol === 'tls' ? 'tls' : 'tcp');
}
