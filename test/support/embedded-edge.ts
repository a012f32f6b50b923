import { createSecureContext } from 'node:tls';
import { createEmbeddedEdge, type EmbeddedOptions } from '../../src/edge/embedded/edge.ts';
import type { EdgeLimits } from '../../src/edge/embedded/limits.ts';
import type { TlsSide } from '../../src/edge/embedded/tls.ts';
import type { Edge, Transport } from '../../src/ports/edge.ts';
import { makeCertificate } from './certificate.ts';
import type { Place } from './phone.ts';

/** What makes an embedded edge speak TLS and WSS on ephemeral ports. */
export async function withTls(): Promise<Pick<EmbeddedOptions, 'tls' | 'tlsPort' | 'wssPort'>> {
  tlsSide ??= makeCertificate().then(({ cert, key }) => {
    const context = createSecureContext({ cert, key });
    return { context: () => context, verify: false };
  });
  return { tls: await tlsSide, tlsPort: 0, wssPort: 0 };
}

/** Made once for each process. */
let tlsSide: Promise<TlsSide> | null = null;

/** Timers a 25th of the standard ones: Timer F is 1.28 s. */
export const FAST_TIMERS = { t1Ms: 20, t2Ms: 160, t4Ms: 200 } as const;

/** Limits that no test meets by accident. */
export const WIDE_LIMITS: EdgeLimits = {
  connections: 10_000,
  connectionsPerSource: 10_000,
  requestsPerSecond: 100_000,
  requestBurst: 100_000,
  messageMs: 60_000,
  idleMs: 600_000,
  pingMs: 60_000,
  exempts: () => false,
};

/** An embedded edge for tests, not started yet, and what it has counted and logged. */
export interface TestEdge {
  readonly edge: Edge;
  readonly counts: Map<string, number>;
  readonly lines: string[];
  /** Where a phone of this machine finds it. */
  place(transport: Transport, family?: 4 | 6): Place;
}

/** An embedded edge on ephemeral ports of 127.0.0.1 with fast timers, unless `options` says otherwise. */
export function makeTestEdge(options: Partial<EmbeddedOptions> = {}): TestEdge {
  const counts = new Map<string, number>();
  const lines: string[] = [];
  const edge = createEmbeddedEdge({
    host: '127.0.0.1',
    udpPort: 0,
    tcpPort: 0,
    tlsPort: null,
    wsPort: 0,
    wssPort: null,
    tls: null,
    limits: WIDE_LIMITS,
    wsOrigins: [],
    external: '',
    trusts: () => true,
    timers: FAST_TIMERS,
    maxMessageBytes: 65_535,
    keepAlive: 'crlf',
    count: (name) => counts.set(name, (counts.get(name) ?? 0) + 1),
    log: (_level, message) => lines.push(message),
    ...options,
  });
  const place = (transport: Transport, family: 4 | 6 = 4): Place => {
    const isIpv6 = family === 6;
    const points = edge.listening().filter((each) => each.transport === transport);
    const point = points.find((each) => each.address.includes(':') === isIpv6);
    return { address: isIpv6 ? '::1' : '127.0.0.1', port: point?.port ?? 0 };
  };
  return { edge, counts, lines, place };
}
