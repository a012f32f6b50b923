import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SrfConnection } from '../../../../src/edge/drachtio/srf-connection.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { PlayedServer } from './played-server.ts';
import { eventually } from './rig.ts';

const VERBS = ['subscribe', 'publish', 'options', 'register', 'message', 'info', 'notify', 'invite', 'refer'];

describe('SrfConnection', () => {
  const clock = new ManualClock();
  let server: PlayedServer;
  /** What the connection has told. */
  let told: Mailbox<string>;
  let connection: SrfConnection;

  beforeEach(async () => {
    server = new PlayedServer();
    told = new Mailbox('news');
    await server.open();
    connection = connectionTo(server.secret);
  });
  afterEach(async () => {
    await Promise.all([connection.stop(), server.close()]);
  });

  function connectionTo(secret: string): SrfConnection {
    return new SrfConnection({ host: '127.0.0.1', port: server.port, secret }, clock, {
      request: ({ method }) => told.push(method),
      connected: () => told.push('connected'),
      ready: () => told.push('ready'),
      away: () => told.push('away'),
      trouble: (what) => told.push(what),
      tick: () => told.push('tick'),
    });
  }

  /** Connects, and waits until requests come in. */
  async function connected(): Promise<void> {
    connection.connect();
    for (const news of ['connected', 'ready']) expect(await told.next()).toBe(news);
  }

  test('logs in, knows what the server listens on, and is ready when that has taken all verbs: when it has refused the probe', async () => {
    server.keepsProbes = true;
    connection.connect();
    expect(await told.next()).toBe('connected');
    const points = ['udp', 'tcp'].map((transport) => ({ transport, address: '192.0.2.1', port: 5060 }));
    expect(connection.points).toEqual(points);
    const probe = await server.probes.next();
    expect(probe.client.verbs).toEqual(VERBS);
    await told.silent(50);
    expect(connection.ready).toBe(false);
    server.admin.refuse(probe, 'Request not sent due to unknown dialog');
    expect(await told.next()).toBe('ready');
    expect(connection.ready).toBe(true);
  });

  test('tells of a wrong secret', async () => {
    connection = connectionTo('wrong');
    connection.connect();
    expect(await told.next()).toBe('Cannot log in to');
    expect(connection.ready).toBe(false);
    expect(told.all).not.toContain('connected');
  });

  test('hands over what it has asked for, and in a dialog every method', async () => {
    await connected();
    for (const method of ['SUBSCRIBE', 'PUBLISH', 'OPTIONS']) {
      await server.hand(method);
      expect(await told.next()).toBe(method);
    }
    for (const method of ['SUBSCRIBE', 'UPDATE']) {
      await server.hand(method, { dialogId: 'call;from-tag=theirs' });
      expect(await told.next()).toBe(method);
    }
  });

  test('a server that is not there is tried until it is', async () => {
    await server.close();
    connection.connect();
    expect(await told.next()).toBe('Cannot connect to');
    await server.open();
    await told.until((news) => news === 'connected');
    expect(await told.next()).toBe('ready');
  });

  test('a connection that is lost is told, and made again with the verbs asked for once', async () => {
    await connected();
    server.admin.cutOff();
    expect(await told.next()).toBe('away');
    expect(connection.ready).toBe(false);
    for (const news of ['connected', 'ready']) expect(await told.next()).toBe(news);
    expect((await server.clients()).verbs.verbs).toEqual(VERBS);
    await server.hand('SUBSCRIBE');
    expect(await told.next()).toBe('SUBSCRIBE');
  });

  test('octets that are no frame end the connection, not the process', async () => {
    await connected();
    server.admin.garble();
    for (const news of ['Cannot read from', 'away', 'connected', 'ready']) {
      expect(await told.next()).toBe(news);
    }
  });

  test('ticks each second while it is connected; 12 s in which nothing is heard end the connection', async () => {
    await connected();
    await clock.advance(3_000);
    for (let count = 0; count < 3; count += 1) expect(await told.next()).toBe('tick');
    server.admin.hangs = true;
    await clock.advance(9_000);
    for (let count = 0; count < 9; count += 1) expect(await told.next()).toBe('tick');
    await told.silent(20);
    await clock.advance(1_000);
    for (const news of ['No answer from', 'away']) expect(await told.next()).toBe(news);
    await clock.advance(5_000);
    expect(told.all.filter((news) => news === 'tick')).toHaveLength(12);
  });

  test('a process that was halted for a minute reads first what has come meanwhile', async () => {
    await connected();
    clock.jump(60_000);
    await clock.advance(1_000);
    expect(await told.next()).toBe('tick');
    expect(connection.ready).toBe(true);
  });

  test('quiesce() takes the verbs back, once, and nothing before it is ready', async () => {
    connection.quiesce();
    await connected();
    const { verbs } = await server.clients();
    for (let count = 0; count < 2; count += 1) connection.quiesce();
    const taken = () =>
      server.admin.received.flatMap((text) => /\|remove_route\|(\w+)/.exec(text)?.[1] ?? []);
    await eventually(taken).toEqual(VERBS);
    server.handTo(verbs, 'SUBSCRIBE', { dialogId: 'call;from-tag=theirs' });
    expect(await told.next()).toBe('SUBSCRIBE');
    expect(taken()).toEqual(VERBS);
  });

  test('after stop() the connection is closed, nothing is told, and none is made again', async () => {
    await connected();
    await connection.stop();
    expect(connection.ready).toBe(false);
    await clock.advance(5_000);
    await told.silent(500);
    expect([server.admin.clients.size, server.admin.connections]).toEqual([0, 1]);
  });

  test('stop() before the server is there ends the tries', async () => {
    await server.close();
    connection.connect();
    expect(await told.next()).toBe('Cannot connect to');
    await connection.stop();
    await server.open();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(server.admin.clients.size).toBe(0);
  });
});
