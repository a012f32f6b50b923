import { describe, expect, it } from 'vitest';
import { Reach } from '../../../../src/edge/embedded/reach.ts';
import type { Flow } from '../../../../src/ports/edge.ts';
import type { SubscriptionRecord } from '../../../../src/ports/subscriptions.ts';
import { recordOf } from '../../../contract/store/values.ts';

const FLOW: Flow = {
  transport: 'udp',
  remoteAddress: '192.0.2.10',
  remotePort: 5062,
  localAddress: '198.51.100.7',
  localPort: 5060,
};

function record(flow: Partial<Flow>, dialog: Partial<SubscriptionRecord['dialog']> = {}): SubscriptionRecord {
  const some = recordOf({ realm: 'acme.example', user: 'night' });
  const plain = { ...some.dialog, routeSet: [], localTarget: 'sip:198.51.100.7:5060' };
  return { ...some, stack: null, flow: { ...FLOW, ...flow }, dialog: { ...plain, ...dialog } };
}

function reach(addresses: readonly string[], external = ''): Reach {
  const point = { transport: 'udp', address: '0.0.0.0', port: 5060 } as const;
  return new Reach({ external, listening: () => [point], addresses: () => addresses });
}

describe('which phones of another node are reached from here', () => {
  it('not one that talks to an address of another machine: it may be behind a NAT that lets nobody else in', () => {
    expect(reach(['198.51.100.8']).reaches(record({}))).toBe(false);
  });

  it('one that talks to a virtual IP that is here now, on a port that is heard', () => {
    expect(reach(['198.51.100.7']).reaches(record({}))).toBe(true);
    expect(reach(['198.51.100.7']).reaches(record({ localPort: 5070 }))).toBe(false);
  });

  it('one that has talked to a sibling, on a port that we share with it', () => {
    const point = { transport: 'udp', address: '0.0.0.0', port: 5060 } as const;
    const isSibling = (node: string) => node === 'host.2';
    const shared = new Reach({ external: '', listening: () => [point], addresses: () => [], isSibling });
    const local = record({ localAddress: '127.0.0.1' });
    expect(shared.reaches({ ...local, owner: 'host.2' })).toBe(true);
    expect(shared.reaches({ ...local, owner: 'other.2' })).toBe(false);
    expect(shared.reaches({ ...record({ localPort: 5070 }), owner: 'host.2' })).toBe(false);
  });

  it('one behind a proxy that stays in the route set', () => {
    expect(reach([]).reaches(record({}, { routeSet: ['<sip:192.0.2.1;lr>'] }))).toBe(true);
  });

  it('one that knows the name that is ours, too', () => {
    const named = record({}, { localTarget: 'sip:lamps.acme.example:5060' });
    expect(reach([], 'lamps.acme.example').reaches(named)).toBe(true);
    expect(reach([], 'other.example').reaches(named)).toBe(false);
  });

  it('never one on a stream, for that was the lost node’s', () => {
    expect(reach(['198.51.100.7']).reaches(record({ transport: 'tcp' }))).toBe(false);
  });

  it('not by loopback, which every machine has', () => {
    expect(reach(['127.0.0.1']).reaches(record({ localAddress: '127.0.0.1' }))).toBe(false);
  });
});
