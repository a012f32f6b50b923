import type { IncomingRequest, Transport } from '../../ports/edge.ts';
import type { ByteString } from '../../sip/message.ts';
import { wantsSips } from '../../sip/sips.ts';

/** The URI of our Contact towards whoever sent `request`; `hostPort`: where we are reached over its transport. */
export function contactUri({ flow, message }: IncomingRequest, hostPort: string): ByteString {
  const { transport } = flow;
  const secure = (transport === 'tls' || transport === 'wss') && wantsSips(message);
  return `${secure ? 'sips' : 'sip'}:${hostPort}${transportParam(secure, transport)}`;
}

/** RFC 7118 §5.2: `ws` also inside TLS; RFC 3261 §26.2.2: a SIPS URI says by itself that it is TLS. */
function transportParam(secure: boolean, transport: Transport): string {
  if (transport === 'udp' || (transport === 'tls' && secure)) return '';
  return `;transport=${transport === 'wss' ? 'ws' : transport}`;
}
