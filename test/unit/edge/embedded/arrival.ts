import type { Connection } from '../../../../src/edge/embedded/path.ts';
import { topVia } from '../../../../src/edge/embedded/received.ts';
import type { Arrival } from '../../../../src/edge/embedded/served-request.ts';

/** A phone that is heard on UDP. */
export const FLOW = {
  transport: 'udp',
  remoteAddress: '198.51.100.7',
  remotePort: 5060,
  localAddress: '192.0.2.1',
  localPort: 5060,
} as const;

/** A stream that takes everything. */
export const STREAM: Connection = {
  ...{ reliable: true, open: true, flow: FLOW, inFlight: 0 },
  ...{ send: () => {}, close: () => {}, destroy: () => {} },
};

export const BRANCH_1 = 'SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1';
export const BRANCH_2 = 'SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK2';
/** From an RFC 2543 client. */
export const OLD = 'SIP/2.0/UDP 10.0.0.9:5060';

/** What differs from the request of most tests. */
export interface Fields {
  readonly method?: string;
  readonly via?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly connection?: Connection | null;
  /** More headers. */
  readonly headers?: readonly string[];
}

/** A request as it arrives, an INVITE unless given. */
export function arrivalOf(fields: Fields = {}): Arrival {
  const { method = 'INVITE', via: line = BRANCH_1, uri = 'sip:*30@example.com', connection = null } = fields;
  const {
    from = '<sip:a@b>;tag=f',
    to = '<sip:*30@example.com>',
    callId = 'c1',
    cseq = 1,
    headers: more = [],
  } = fields;
  const headers = ['via', line, 'from', from, 'to', to, 'call-id', callId];
  headers.push('cseq', `${cseq} ${method}`, 'contact', '<sip:a@198.51.100.7>', ...more);
  const message = { kind: 'request', method, uri, headers, body: '' } as const;
  const via = topVia(message);
  if (via === null) throw new Error('The test wants a Via');
  return { message, flow: FLOW, via, connection, octets: 500 };
}
