import { createEmbeddedEdge, type EmbeddedOptions } from '../../src/edge/embedded/edge.ts';
import type { Edge, Transport } from '../../src/ports/edge.ts';
import type { Place } from './phone.ts';

/** Timers a 25th of the standard ones: Timer F is 1.28 s. */
export const FAST_TIMERS = { t1Ms: 20, t2Ms: 160, t4Ms: 200 } as const;

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
    wsPort: 0,
    wsOrigins: [],
    external: '',
    trusts: () => true,
    timers: FAST_TIMERS,
    maxMessageBytes: 65_535,
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
