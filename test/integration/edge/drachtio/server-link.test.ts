import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LeanMessage, leanAnswer, plainRequest } from '../../../../src/edge/drachtio/lean-request.ts';
import { ServerLink } from '../../../../src/edge/drachtio/server-link.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { realClock } from '../../../support/real-clock.ts';
import { PlayedServer } from './played-server.ts';
import { eventually } from './rig.ts';

const DIALOG = 'call;from-tag=theirs';

describe('ServerLink', () => {
  let server: PlayedServer;
  /** What the link has told; ticks are counted apart. */
  let told: Mailbox<string>;
  let ticks: number;
  let link: ServerLink;

  beforeEach(async () => {
    server = new PlayedServer();
    told = new Mailbox('news');
    ticks = 0;
    await server.open();
    const place = { host: '127.0.0.1', port: server.port, secret: server.secret };
    link = new ServerLink(place, realClock(), {
      request: (_, { method }) => told.push(method),
      ready: (which) => told.push(`ready ${which.ready}`),
      away: (which) => told.push(`away ${!which.ready}`),
      trouble: (_, what) => told.push(what),
      tick: () => {
        ticks += 1;
      },
    });
  });
  afterEach(async () => {
    await Promise.all([link.stop(), server.close()]);
  });

  async function connected(): Promise<void> {
    link.connect();
    expect(await told.next()).toBe('ready true');
  }

  function answer(name: string): LeanMessage {
    return leanAnswer(`|sip|${name}|\r\nSIP/2.0 200 OK\r\n\r\n`, () => told.push(`${name} refused`));
  }

  function request(name: string) {
    const text = `|sip||${name}\r\nNOTIFY sip:x SIP/2.0\r\n\r\n`;
    return plainRequest(text, (end) => told.push(`${name} ${end?.status ?? 'refused'}`));
  }

  /** The names of what the server was asked to send, in its order. */
  const sent = () => server.commands.all.map(({ transactionId, dialogId }) => transactionId || dialogId);
  const lostText = () => `Lost drachtio-server "127.0.0.1:${server.port}"`;

  test('is ready when both of its connections are: one that asks for verbs, and one that asks for none', async () => {
    server.keepsProbes = true;
    expect(link.name).toBe(`127.0.0.1:${server.port}`);
    link.connect();
    const probe = await server.probes.next();
    await eventually(() => server.admin.clients.size).toBe(2);
    await told.silent(50);
    expect(link.ready).toBe(false);
    server.admin.refuse(probe, 'Request not sent due to unknown dialog');
    expect(await told.next()).toBe('ready true');
    expect((await server.clients()).lean?.verbs).toEqual([]);
    expect(link.points.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
    await eventually(() => ticks).toBeGreaterThan(0);
  });

  test('answers and requests leave on the connection without verbs, in the order of calls; requests are counted', async () => {
    await connected();
    link.send(request('one'));
    link.answer(answer('two'), '');
    link.send(request('three'));
    await eventually(sent).toEqual(['one', 'two', 'three']);
    const { lean } = await server.clients();
    for (const { client } of server.commands.all) expect(client).toBe(lean);
    expect(link.requests).toBe(2);
    const [one, , three] = server.commands.all;
    if (one !== undefined) server.confirm(one, 'txn-1');
    if (one !== undefined) server.respond(one, 'txn-1', 481);
    if (three !== undefined) server.admin.refuse(three, 'no');
    expect(await told.next()).toBe('one 481');
    expect(await told.next()).toBe('three refused');
  });

  test('what the server has no room for waits, and is counted', async () => {
    await connected();
    for (let count = 0; count < 10; count += 1) link.send(request(`r${count}`));
    await eventually(() => server.commands.all.length).toBe(6);
    expect(link.waiting).toBe(4);
    for (const command of server.commands.all.slice(0, 4)) server.confirm(command);
    await eventually(() => server.commands.all.length).toBe(10);
    expect(link.waiting).toBe(0);
  });

  test('the end of a dialog follows the answers to all that was heard in it', async () => {
    await connected();
    for (const method of ['INFO', 'SUBSCRIBE']) {
      await server.hand(method, { dialogId: DIALOG });
      expect(await told.next()).toBe(method);
    }
    link.sendEnd(request('end'), DIALOG);
    link.sendEnd(request('other end'), 'another');
    await eventually(sent).toEqual(['other end']);
    link.answer(answer('first'), DIALOG);
    await eventually(sent).toEqual(['other end', 'first']);
    link.answer(answer('second'), DIALOG);
    await eventually(sent).toEqual(['other end', 'first', 'second', 'end']);
  });

  test('it waits for what the phone has just sent, too', async () => {
    await connected();
    link.sendEnd(request('end'), DIALOG);
    await server.hand('INFO', { dialogId: DIALOG });
    expect(await told.next()).toBe('INFO');
    await server.commands.silent(300);
    link.answer(answer('answer'), DIALOG);
    await eventually(sent).toEqual(['answer', 'end']);
  });

  test('it does not wait for a BYE that the server has sent by itself: nobody answers that', async () => {
    await connected();
    await server.hand('BYE', { dialogId: DIALOG, source: 'application' });
    expect(await told.next()).toBe('BYE');
    link.sendEnd(request('end'), DIALOG);
    await eventually(sent).toEqual(['end']);
  });

  test('answers that are due are forgotten with the connection on which their requests came', async () => {
    await connected();
    await server.hand('SUBSCRIBE', { dialogId: DIALOG });
    expect(await told.next()).toBe('SUBSCRIBE');
    (await server.clients()).verbs.socket.destroy();
    for (const news of [lostText(), 'away true', 'ready true']) expect(await told.next()).toBe(news);
    link.sendEnd(request('end'), DIALOG);
    await eventually(sent).toEqual(['end']);
  });

  test('what a phone has answered before it sent a SUBSCRIBE counts first, though it comes on the other connection', async () => {
    await connected();
    const { verbs } = await server.clients();
    for (let round = 0; round < 10; round += 1) {
      link.send(request('notify'));
      const command = await server.commands.next();
      server.confirm(command, `txn-${round}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      // The connection of requests has something first, and so is mostly read first: then the SUBSCRIBE, too.
      server.handTo(verbs, 'OPTIONS');
      server.respond(command, `txn-${round}`, 200);
      server.handTo(verbs, 'SUBSCRIBE');
      const news = [await told.next(), await told.next(), await told.next()];
      expect(news.toSorted()).toEqual(['OPTIONS', 'SUBSCRIBE', 'notify 200']);
      expect(news.indexOf('SUBSCRIBE')).toBe(2);
    }
  });

  test.each(['verbs', 'lean'] as const)(
    'without its connection %s it is away, which is told once, and ready when that is back',
    async (which) => {
      await connected();
      (await server.clients())[which]?.socket.destroy();
      for (const news of [lostText(), 'away true', 'ready true']) expect(await told.next()).toBe(news);
      link.send(request('after'));
      await eventually(sent).toEqual(['after']);
    },
  );

  test('a server that stays away is told of once, and is found when it is back', async () => {
    await connected();
    await server.close();
    for (const news of [lostText(), 'away true']) expect(await told.next()).toBe(news);
    link.send(request('lost'));
    await told.silent(1_500);
    await server.open();
    expect(await told.next()).toBe('ready true');
    link.send(request('after'));
    await eventually(sent).toEqual(['after']);
  });

  test('a server that was never there is told of once', async () => {
    await server.close();
    link.connect();
    expect(await told.next()).toBe(`Cannot connect to drachtio-server "${link.name}"`);
    await told.silent(1_500);
    await server.open();
    expect(await told.next()).toBe('ready true');
  });

  test('after quiesce() requests of dialogs still come in, and what is sent leaves', async () => {
    await connected();
    const { verbs, lean } = await server.clients();
    link.quiesce();
    await eventually(() => verbs.verbs).toEqual([]);
    server.handTo(verbs, 'SUBSCRIBE', { dialogId: DIALOG });
    expect(await told.next()).toBe('SUBSCRIBE');
    link.answer(answer('answer'), DIALOG);
    await eventually(sent).toEqual(['answer']);
    expect(lean?.open).toBe(true);
  });

  test('stop() lets what was written out first, tells nothing, and closes both connections for good', async () => {
    await connected();
    link.send(request('last'));
    await link.stop();
    expect(link.ready).toBe(false);
    await eventually(sent).toEqual(['last']);
    await told.silent(1_500);
    expect([server.admin.clients.size, server.admin.connections]).toEqual([0, 2]);
  });
});
