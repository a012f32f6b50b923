import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../../../src/edge/embedded/served-request.ts';
import type { ServerTransaction } from '../../../../src/edge/embedded/server-transaction.ts';
import { ServerTransactions } from '../../../../src/edge/embedded/server-transactions.ts';
import { STANDARD_TIMERS } from '../../../../src/sip/transaction.ts';
import { arrivalOf, BRANCH_1, BRANCH_2, type Fields, OLD, STREAM } from './arrival.ts';
import { HandClock } from './hand-clock.ts';

function arrival(fields: Fields = {}): Arrival {
  return arrivalOf({ method: 'SUBSCRIBE', ...fields });
}

class Rig {
  readonly clock = new HandClock();
  readonly sent: string[] = [];
  hasPath = true;
  readonly #path = { reliable: false, open: true, send: (bytes: Buffer) => this.sent.push(bytes.toString()) };
  readonly transactions = new ServerTransactions({
    timers: STANDARD_TIMERS,
    ticker: this.clock,
    reply: (_, bytes) => {
      if (!this.hasPath) return null;
      this.#path.send(bytes);
      return this.#path;
    },
  });

  receive(fields: Fields = {}): string {
    return this.transactions.receive(arrival(fields)).kind;
  }

  open(fields: Fields = {}): ServerTransaction {
    return this.transactions.receive(arrival(fields)).transaction;
  }

  respond(transaction: ServerTransaction, status: number, text = `${status}`): void {
    this.transactions.respond(transaction, status, Buffer.from(text));
  }
}

describe('RFC 3261 §17.2.2', () => {
  test('a retransmission before the response is discarded', () => {
    const rig = new Rig();
    expect(rig.receive()).toBe('new');
    expect(rig.receive()).toBe('retransmission');
    expect(rig.sent).toEqual([]);
  });

  test('a retransmission after the final response gets it again, until Timer J ends after 64*T1', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 200);
    expect(rig.receive()).toBe('retransmission');
    rig.clock.pass(31_900);
    expect(rig.receive()).toBe('retransmission');
    expect(rig.sent).toEqual(['200', '200', '200']);
    rig.clock.pass(200);
    expect(rig.receive()).toBe('new');
    expect(rig.clock.pending).toBe(0);
  });

  test('until its final response a transaction has its request, then only what a retransmission needs', () => {
    const rig = new Rig();
    const transaction = rig.open();
    rig.respond(transaction, 100);
    expect(transaction.request?.message.method).toBe('SUBSCRIBE');
    rig.respond(transaction, 200);
    expect(transaction).toMatchObject({ request: null, method: 'SUBSCRIBE', response: '200' });
  });

  test('a transport error at a retransmission before the final response ends the transaction', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 100);
    rig.hasPath = false;
    expect(rig.receive()).toBe('retransmission');
    expect(rig.receive()).toBe('new');
  });

  test('a retransmission gets the newest provisional response', () => {
    const rig = new Rig();
    const transaction = rig.open();
    rig.respond(transaction, 100, 'one');
    rig.respond(transaction, 100, 'two');
    rig.receive();
    expect(rig.sent).toEqual(['one', 'two', 'two']);
  });

  test('a second final response is discarded', () => {
    const rig = new Rig();
    const transaction = rig.open();
    rig.respond(transaction, 200);
    rig.respond(transaction, 500);
    rig.receive();
    expect(rig.sent).toEqual(['200', '200']);
  });

  test('Timer J is 0 on streams', () => {
    const rig = new Rig();
    rig.respond(rig.open({ connection: STREAM }), 200);
    expect(rig.clock.pending).toBe(0);
    expect(rig.receive({ connection: STREAM })).toBe('new');
  });

  test('a transport error ends the transaction', () => {
    const rig = new Rig();
    rig.hasPath = false;
    rig.respond(rig.open(), 200);
    expect(rig.clock.pending).toBe(0);
    expect(rig.receive()).toBe('new');
  });
});

describe('RFC 3261 §17.2.3: a retransmission', () => {
  test.each<[string, Fields]>([
    ['branch', { via: BRANCH_2, cseq: 2 }],
    ['sent-by host', { via: BRANCH_1.replace('10.0.0.9', '10.0.0.10'), cseq: 2 }],
    ['sent-by port', { via: BRANCH_1.replace('5060', '5061'), cseq: 2 }],
    ['method', { method: 'PUBLISH' }],
  ])('is none if the %s differs', (_, other) => {
    const rig = new Rig();
    rig.open();
    expect(rig.receive(other)).toBe('new');
  });

  test('with the magic cookie is known by these alone', () => {
    const rig = new Rig();
    rig.open();
    expect(rig.receive({ callId: 'another', uri: 'sip:another' })).toBe('retransmission');
  });

  test.each<[string, Fields]>([
    ['Request-URI', { uri: 'sip:other@example.com', callId: 'c1', from: '<sip:a@b>' }],
    ['From tag', { from: '<sip:a@b>;tag=other' }],
    ['To tag', { to: '<sip:c@d>;tag=other' }],
    ['Call-ID', { callId: 'c2' }],
    ['CSeq', { cseq: 2 }],
    ['top Via', { via: `${OLD};branch=1` }],
  ])('of an RFC 2543 client is none if the %s differs', (_, other) => {
    const rig = new Rig();
    rig.open({ via: OLD, from: other.from === '<sip:a@b>' ? '<sip:a@b>' : '<sip:a@b>;tag=f' });
    expect(rig.receive({ via: OLD, ...other })).not.toBe('retransmission');
  });

  test('of an RFC 2543 client is known by all of these', () => {
    const rig = new Rig();
    rig.open({ via: OLD });
    expect(rig.receive({ via: OLD })).toBe('retransmission');
  });
});

describe('RFC 3261 §8.2.2.2: a merged request', () => {
  test('has the From tag, Call-ID and CSeq of a request that is being served, and another branch', () => {
    const rig = new Rig();
    rig.open();
    expect(rig.receive({ via: BRANCH_2 })).toBe('merged');
    expect(rig.receive({ via: BRANCH_2 })).toBe('retransmission');
  });

  test('is one no longer when the transaction of the first has ended', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 200);
    rig.clock.pass(33_000);
    expect(rig.receive({ via: BRANCH_2 })).toBe('new');
  });

  test('does not end the watch for others when its own transaction ends', () => {
    const rig = new Rig();
    rig.open();
    rig.respond(rig.open({ via: BRANCH_2 }), 482);
    rig.clock.pass(33_000);
    expect(rig.receive({ via: BRANCH_1.replace('bK1', 'bK3') })).toBe('merged');
  });

  test.each<[string, Fields]>([
    ['in a dialog', { to: '<sip:c@d>;tag=t' }],
    ['without a From tag', { from: '<sip:a@b>' }],
  ])('is none %s', (_, fields) => {
    const rig = new Rig();
    rig.open(fields);
    expect(rig.receive({ ...fields, via: BRANCH_2 })).toBe('new');
  });
});

describe('RFC 3261 §9.2: what a CANCEL means', () => {
  test('is the transaction of its branch, whatever the method', () => {
    const rig = new Rig();
    const subscribe = rig.open();
    rig.open({ method: 'CANCEL' });
    expect(rig.transactions.cancelled(arrival({ method: 'CANCEL' }))).toBe(subscribe);
  });

  test('is nothing when there is none', () => {
    const rig = new Rig();
    rig.open({ method: 'CANCEL' });
    expect(rig.transactions.cancelled(arrival({ method: 'CANCEL' }))).toBeNull();
  });

  test('is nothing after the transaction has ended, though the CANCEL is still there', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 200);
    rig.clock.pass(20_000);
    rig.respond(rig.open({ method: 'CANCEL' }), 200);
    rig.clock.pass(20_000);
    expect(rig.transactions.cancelled(arrival({ method: 'CANCEL' }))).toBeNull();
    expect(rig.receive({ method: 'CANCEL' })).toBe('retransmission');
  });
});
