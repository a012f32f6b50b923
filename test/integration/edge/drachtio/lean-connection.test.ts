import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LeanConnection } from '../../../../src/edge/drachtio/lean-connection.ts';
import {
  type LeanMessage,
  type LeanRequest,
  leanAnswer,
} from '../../../../src/edge/drachtio/lean-request.ts';
import { AdminPort, type SipCommand } from '../../../support/drachtio-double/admin-port.ts';
import { Mailbox } from '../../../support/mailbox.ts';
import { realClock } from '../../../support/real-clock.ts';
import { confirmed, responded } from './played-answers.ts';
import { eventually } from './rig.ts';

/** The admin port of a drachtio-server that a test plays by hand, and a lean connection to it. */
class Stage {
  readonly commands = new Mailbox<SipCommand>('command');
  readonly admin = new AdminPort({
    secret: 'cymru',
    hostports: () => 'udp/127.0.0.1:5060',
    command: (command) => this.commands.push(command),
  });
  /** What the connection and its requests have told. */
  readonly told = new Mailbox<string>('news');
  connection: LeanConnection | null = null;
  port = 0;

  async open({ secret = 'cymru', haste = 1 } = {}): Promise<LeanConnection> {
    const port = await this.admin.open(0);
    this.port = port;
    const connection = new LeanConnection({ host: '127.0.0.1', port, secret }, realClock(haste), {
      ready: () => this.told.push('ready'),
      away: () => this.told.push('away'),
      trouble: (what, error) => this.told.push(`${what}: ${(error as Error).message}`),
    });
    this.connection = connection;
    connection.connect();
    return connection;
  }

  request(name: string, octets = 100): LeanRequest {
    const text = `|sip||${name}\r\nNOTIFY sip:x SIP/2.0\r\n\r\n`;
    return {
      octets,
      take: () => text.padEnd(octets, 'x'),
      sent: () => this.told.push(`${name} sent`),
      refused: (reason) => this.told.push(`${name} refused: ${reason}`),
      answered: () => this.told.push(`${name} answered`),
    };
  }

  answer(name: string): LeanMessage {
    return leanAnswer(`|sip|${name}|\r\nSIP/2.0 200 OK\r\n\r\n`, () => this.told.push(`${name} refused`));
  }

  /** drachtio-server has sent it. */
  confirm(command: SipCommand, transaction = 'txn'): void {
    confirmed(this.admin, command, transaction);
  }

  /** A response has come from the wire. */
  respond(command: SipCommand, transaction: string, status: number): void {
    responded(this.admin, command, { transaction, status });
  }

  async close(): Promise<void> {
    await this.connection?.stop();
    await this.admin.close();
  }
}

describe('LeanConnection', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });

  afterEach(() => {
    vi.restoreAllMocks();
    return stage.close();
  });

  test('logs in and asks for no verbs', async () => {
    await stage.open();
    expect(await stage.told.next()).toBe('ready');
    expect(stage.admin.received).toHaveLength(1);
    expect(stage.admin.received[0]).toMatch(/^[0-9a-f]+\.login\|authenticate\|cymru\|$/);
  });

  test('a wrong secret is told, and tried again', async () => {
    await stage.open({ secret: 'wrong' });
    for (let count = 0; count < 2; count += 1)
      expect(await stage.told.next()).toBe('Cannot log in to: incorrect secret');
  });

  test('has 6 requests before drachtio-server, and one more for each that was sent; ids are not in use twice', async () => {
    const connection = await stage.open();
    await stage.told.next();
    for (let count = 0; count < 100; count += 1) connection.post(stage.request(`r${count}`));
    await eventually(() => stage.commands.all.length).toBe(6);
    expect(new Set(stage.commands.all.map(({ id }) => id)).size).toBe(6);
    await stage.commands.silent(20).catch(() => {});
    expect(stage.commands.all).toHaveLength(6);
    const [first] = stage.commands.all;
    if (first) stage.confirm(first);
    await eventually(() => stage.commands.all.length).toBe(7);
    expect(stage.commands.all[6]?.id).toBe(first?.id);
  });

  test('what is posted in one turn leaves in one write', async () => {
    const connection = await stage.open();
    await stage.told.next();
    const write = vi.spyOn(Socket.prototype, 'write');
    for (let count = 0; count < 6; count += 1) connection.post(stage.request(`r${count}`));
    await eventually(() => stage.commands.all.length).toBe(6);
    expect(write.mock.calls.filter(([text]) => String(text).includes('NOTIFY'))).toHaveLength(1);
  });

  test('an answer has its place among the requests, and nothing is expected to follow it', async () => {
    const connection = await stage.open();
    await stage.told.next();
    connection.post(stage.request('before'));
    connection.post(stage.answer('txn-1'));
    connection.post(stage.answer('txn-2'));
    connection.post(stage.request('behind'));
    await eventually(() =>
      stage.commands.all.map(({ transactionId, dialogId }) => transactionId || dialogId),
    ).toEqual(['before', 'txn-1', 'txn-2', 'behind']);
    const [before, one, two, behind] = stage.commands.all;
    for (const command of [before, behind]) if (command) stage.admin.refuse(command, 'no');
    if (one) stage.confirm(one, 'txn-1');
    if (two) stage.admin.refuse(two, 'Response not sent due to unknown transaction');
    for (const news of ['before refused: no', 'behind refused: no', 'txn-2 refused'])
      expect(await stage.told.next()).toBe(news);
    expect([connection.busy, connection.requests]).toEqual([false, 2]);
  });

  test('an answer waits for the connection, for its request came on another; a request is lost', async () => {
    const connection = await stage.open();
    connection.post(stage.answer('early'));
    connection.post(stage.request('lost'));
    expect((await stage.commands.next()).transactionId).toBe('early');
    await stage.commands.silent(20);
  });

  test('an answer that may not have arrived is sent again when the connection is lost, before what came later; a request is not', async () => {
    const connection = await stage.open();
    await stage.told.next();
    connection.post(stage.answer('confirmed'));
    stage.confirm(await stage.commands.next());
    await eventually(() => connection.busy).toBe(false);
    connection.post(stage.answer('unsure'));
    connection.post(stage.request('lost'));
    for (const name of ['unsure', 'lost']) {
      const { transactionId, dialogId } = await stage.commands.next();
      expect(transactionId || dialogId).toBe(name);
    }
    stage.admin.cutOff();
    expect(await stage.told.next()).toBe('away');
    connection.post(stage.answer('later'));
    expect(await stage.told.next()).toBe('ready');
    const [unsure, later] = [await stage.commands.next(), await stage.commands.next()];
    expect([unsure.transactionId, later.transactionId]).toEqual(['unsure', 'later']);
    // It had sent the first one before; of the second it has not heard.
    for (const command of [unsure, later])
      stage.admin.refuse(command, 'Response not sent due to unknown transaction');
    expect(await stage.told.next()).toBe('later refused');
    await stage.told.silent(20);
    await stage.commands.silent(20);
  });

  test('an answer on which two connections have ended is not sent again: it may be what ends them', async () => {
    const connection = await stage.open();
    await stage.told.next();
    connection.post(stage.answer('deadly'));
    for (let count = 0; count < 2; count += 1) {
      expect((await stage.commands.next()).transactionId).toBe('deadly');
      stage.admin.cutOff();
      for (const news of ['away', 'ready']) expect(await stage.told.next()).toBe(news);
    }
    connection.post(stage.answer('harmless'));
    expect((await stage.commands.next()).transactionId).toBe('harmless');
  });

  test('answers wait as long as drachtio-server cannot be reached, those that waited for room too', async () => {
    const connection = await stage.open();
    await stage.told.next();
    const names = Array.from({ length: 70 }, (_, index) => `txn-${index}`);
    for (const name of names) connection.post(stage.answer(name));
    await eventually(() => stage.commands.all.length).toBe(6);
    const port = stage.port;
    await stage.admin.close();
    await stage.told.until((news) => news.startsWith('Cannot connect to'));
    stage.commands.push = (command) => {
      stage.confirm(command);
      names.splice(names.indexOf(command.transactionId), 1);
    };
    await stage.admin.open(port);
    await eventually(() => names).toEqual([]);
  });

  test('rule 7: a large request goes alone', async () => {
    const connection = await stage.open();
    await stage.told.next();
    for (const [name, octets] of [
      ['small', 100],
      ['large', 5000],
      ['behind', 100],
    ] as const)
      connection.post(stage.request(name, octets));
    for (const name of ['small', 'large', 'behind']) {
      const command = await stage.commands.next();
      expect(command.dialogId).toBe(name);
      await stage.commands.silent(20);
      stage.confirm(command);
    }
  });

  test('responses find their requests by transaction, in any order; provisional ones are not told', async () => {
    const connection = await stage.open();
    await stage.told.next();
    for (const name of ['a', 'b', 'c']) connection.post(stage.request(name));
    const [a, b, c] = [await stage.commands.next(), await stage.commands.next(), await stage.commands.next()];
    stage.confirm(b, 'txn-b');
    stage.confirm(a, 'txn-a');
    stage.admin.refuse(c, 'Server error: missing content-type');
    stage.respond(a, 'txn-a', 180);
    stage.respond(b, 'txn-unknown', 200);
    stage.respond(b, 'txn-b', 481);
    stage.respond(a, 'txn-a', 200);
    stage.respond(a, 'txn-a', 200);
    const news = [
      'b sent',
      'a sent',
      'c refused: Server error: missing content-type',
      'b answered',
      'a answered',
    ];
    for (const each of news) expect(await stage.told.next()).toBe(each);
    await stage.told.silent(20);
  });

  test('a message without its length ends the connection; another is made, with other ids', async () => {
    const connection = await stage.open();
    await stage.told.next();
    connection.post(stage.request('before'));
    const before = await stage.commands.next();
    stage.admin.garble();
    const news = ['Cannot read from: a message without its length', 'away', 'ready'];
    for (const each of news) expect(await stage.told.next()).toBe(each);
    connection.post(stage.request('after'));
    const after = await stage.commands.next();
    expect(after.dialogId).toBe('after');
    expect(after.id).not.toBe(before.id);
  });

  test('a request that is not confirmed in 6 s ends the connection, though others are', async () => {
    const connection = await stage.open({ haste: 10 });
    await stage.told.next();
    connection.post(stage.request('lost'));
    await stage.commands.next();
    const busy = setInterval(() => connection.post(stage.request('other')), 20);
    stage.commands.push = (command) => stage.confirm(command);
    await stage.told.until((news) => news.startsWith('No answer from'), 3000);
    clearInterval(busy);
    await stage.told.until((news) => news === 'ready');
  });

  test('a connection on which nothing goes on is kept up with pings', async () => {
    await stage.open({ haste: 20 });
    await stage.told.next();
    // 20 s of its time.
    await stage.told.silent(1000);
    const pings = stage.admin.received.filter((message) => message.endsWith('|ping'));
    expect(pings.length).toBeGreaterThanOrEqual(2);
  });
});
