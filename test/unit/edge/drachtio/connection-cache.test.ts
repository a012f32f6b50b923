import { describe, expect, test } from 'vitest';
import { ConnectionCache } from '../../../../src/edge/drachtio/connection-cache.ts';
import type { Flow } from '../../../../src/ports/edge.ts';

function streamFrom(remotePort: number, transport: Flow['transport'] = 'tcp'): Flow {
  return { transport, remoteAddress: '198.51.100.7', remotePort, localAddress: '192.0.2.1', localPort: 5060 };
}

const KEY = { server: 'a:9022', target: 'sip:100@192.168.1.20:5060;transport=tcp' };

describe('ConnectionCache', () => {
  test('rule 4: the last refresh over a stream draws the NOTIFYs of every phone with its user and host', () => {
    const cache = new ConnectionCache();
    cache.learn(KEY, streamFrom(1111), { now: 0, expires: 60 });
    expect(cache.misleads(KEY, streamFrom(1111), 1)).toBe(false);
    expect(cache.misleads(KEY, streamFrom(2222), 1)).toBe(true);
    expect(cache.misleads({ ...KEY, target: 'sip:%3100@192.168.1.20' }, streamFrom(2222, 'udp'), 1)).toBe(
      true,
    );
    cache.learn(KEY, streamFrom(2222), { now: 2, expires: 60 });
    expect(cache.misleads(KEY, streamFrom(2222), 3)).toBe(false);
  });

  test('says nothing of another user, host or server, nor after the Expires', () => {
    const cache = new ConnectionCache();
    cache.learn(KEY, streamFrom(1111), { now: 0, expires: 60 });
    const other = streamFrom(2222);
    expect(cache.misleads({ ...KEY, target: 'sip:101@192.168.1.20' }, other, 1)).toBe(false);
    expect(cache.misleads({ ...KEY, target: 'sip:100@192.168.1.21' }, other, 1)).toBe(false);
    expect(cache.misleads({ ...KEY, server: 'b:9022' }, other, 1)).toBe(false);
    expect(cache.misleads(KEY, other, 60_000)).toBe(false);
  });

  test('a refresh over UDP changes nothing, and one with Expires 0 empties the place', () => {
    const cache = new ConnectionCache();
    cache.learn(KEY, streamFrom(1111), { now: 0, expires: 60 });
    cache.learn(KEY, streamFrom(2222, 'udp'), { now: 1, expires: 60 });
    expect(cache.misleads(KEY, streamFrom(2222), 2)).toBe(true);
    cache.learn(KEY, streamFrom(1111), { now: 3, expires: 0 });
    expect(cache.misleads(KEY, streamFrom(2222), 4)).toBe(false);
  });
});
