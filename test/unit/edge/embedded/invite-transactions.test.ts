import { describe, expect, test } from 'vitest';
import {
  type InviteTransaction,
  InviteTransactions,
} from '../../../../src/edge/embedded/invite-transactions.ts';
import { STANDARD_TIMERS } from '../../../../src/sip/transaction.ts';
import { arrivalOf, BRANCH_1, BRANCH_2, type Fields, OLD, STREAM } from './arrival.ts';
import { HandClock } from './hand-clock.ts';

class Rig {
  readonly clock = new HandClock();
  /** What was sent, with the ms since the start. */
  readonly sent: string[] = [];
  hasPath = true;
  readonly #start = this.clock.now();
  readonly transactions = new InviteTransactions({
    timers: STANDARD_TIMERS,
    ticker: this.clock,
    reply: (_, bytes) => {
      if (this.hasPath) this.sent.push(`${bytes} at ${this.clock.now() - this.#start}`);
      return this.hasPath ? STREAM : null;
    },
  });

  receive(fields: Fields = {}): string {
    return this.transactions.receive(arrivalOf(fields)).kind;
  }

  open(fields: Fields = {}): InviteTransaction {
    return this.transactions.receive(arrivalOf(fields)).transaction;
  }

  /** True if a transaction has absorbed it. */
  ack(fields: Fields = {}): boolean {
    return this.transactions.acknowledge(arrivalOf({ method: 'ACK', to: '<sip:c@d>;tag=t', ...fields }));
  }

  respond(transaction: InviteTransaction, status: number): void {
    this.transactions.respond(transaction, status, Buffer.from(`${status}`));
  }
}

describe('RFC 3261 §17.2.1: a refusal', () => {
  test('is sent again by Timer G after T1, 2*T1 ... T2, until Timer H ends it after 64*T1', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 480);
    rig.clock.pass(40_000);
    const times = [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    expect(rig.sent).toEqual(times.map((at) => `480 at ${at}`));
    expect(rig.clock.pending).toBe(0);
    expect(rig.receive()).toBe('new');
  });

  test('on a stream is sent once, and Timer H still ends it', () => {
    const rig = new Rig();
    rig.respond(rig.open({ connection: STREAM }), 480);
    rig.clock.pass(31_900);
    expect(rig.receive({ connection: STREAM })).toBe('retransmission');
    rig.clock.pass(200);
    expect(rig.sent).toEqual(['480 at 0', '480 at 31900']);
    expect(rig.clock.pending).toBe(0);
  });

  test('is not sent again after its ACK; copies of the ACK are absorbed for T4 (Timer I)', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 480);
    expect(rig.ack()).toBe(true);
    rig.clock.pass(4900);
    expect(rig.ack()).toBe(true);
    expect(rig.sent).toEqual(['480 at 0']);
    rig.clock.pass(200);
    expect(rig.ack()).toBe(false);
    expect(rig.clock.pending).toBe(0);
  });

  test('on a stream ends with its ACK: Timer I is 0', () => {
    const rig = new Rig();
    rig.respond(rig.open({ connection: STREAM }), 480);
    expect(rig.ack({ connection: STREAM })).toBe(true);
    expect(rig.clock.pending).toBe(0);
    expect(rig.receive({ connection: STREAM })).toBe('new');
  });

  test('is sent to a copy of the INVITE, but not after the ACK', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 480);
    expect(rig.receive()).toBe('retransmission');
    rig.ack();
    expect(rig.receive()).toBe('retransmission');
    expect(rig.sent).toEqual(['480 at 0', '480 at 0']);
  });

  test('that could not be sent is tried again (RFC 6026: the transaction stays)', () => {
    const rig = new Rig();
    rig.hasPath = false;
    rig.respond(rig.open(), 480);
    rig.hasPath = true;
    rig.clock.pass(500);
    expect(rig.sent).toEqual(['480 at 500']);
  });
});

describe('RFC 6026 §7.1: a 2xx', () => {
  test.each([null, STREAM])(
    'keeps the transaction for 64*T1 (Timer L), which sends nothing by itself',
    (connection) => {
      const rig = new Rig();
      rig.respond(rig.open({ connection }), 200);
      rig.clock.pass(31_900);
      expect(rig.receive({ connection })).toBe('retransmission');
      expect(rig.sent).toEqual(['200 at 0']);
      rig.clock.pass(200);
      expect(rig.clock.pending).toBe(0);
      expect(rig.receive({ connection })).toBe('new');
    },
  );

  test('is sent again when the core says so', () => {
    const rig = new Rig();
    const transaction = rig.open();
    rig.respond(transaction, 200);
    rig.respond(transaction, 200);
    expect(rig.sent).toHaveLength(2);
  });

  test('leaves its ACK to the core, even with the branch of the INVITE', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 200);
    expect(rig.ack()).toBe(false);
    expect(rig.ack({ via: BRANCH_2 })).toBe(false);
  });
});

test('RFC 3261 §17.2.1: a copy of the INVITE gets the newest provisional response', () => {
  const rig = new Rig();
  const transaction = rig.open();
  rig.receive();
  rig.respond(transaction, 100);
  rig.respond(transaction, 180);
  rig.receive();
  expect(rig.sent).toEqual(['100 at 0', '180 at 0', '180 at 0']);
});

test('nothing follows a final response', () => {
  const rig = new Rig();
  const transaction = rig.open();
  rig.respond(transaction, 480);
  for (const status of [180, 200, 500]) rig.respond(transaction, status);
  expect(rig.sent).toEqual(['480 at 0']);
});

describe('RFC 3261 §17.2.3', () => {
  test('the ACK of an RFC 2543 client finds its INVITE, though it has the tag of the response', () => {
    const rig = new Rig();
    rig.respond(rig.open({ via: OLD }), 480);
    expect(rig.ack({ via: OLD, uri: 'sip:other@example.com' })).toBe(false);
    expect(rig.ack({ via: OLD })).toBe(true);
  });

  test('an ACK of another branch is not of this transaction', () => {
    const rig = new Rig();
    rig.respond(rig.open(), 480);
    expect(rig.ack({ via: BRANCH_2 })).toBe(false);
  });

  test('RFC 3261 §9.2: a CANCEL finds the INVITE of its branch', () => {
    const rig = new Rig();
    const transaction = rig.open();
    expect(rig.transactions.find(arrivalOf({ method: 'CANCEL' }))).toBe(transaction);
    expect(rig.transactions.find(arrivalOf({ method: 'CANCEL', via: BRANCH_2 }))).toBeNull();
  });
});

describe('RFC 3261 §8.2.2.2: a merged INVITE', () => {
  test('has come on another path', () => {
    const rig = new Rig();
    rig.open();
    expect(rig.receive({ via: BRANCH_2 })).toBe('merged');
    expect(rig.receive({ via: BRANCH_2 })).toBe('retransmission');
  });

  test('is none in a dialog', () => {
    const rig = new Rig();
    rig.open({ to: '<sip:c@d>;tag=t' });
    expect(rig.receive({ via: BRANCH_2, to: '<sip:c@d>;tag=t' })).toBe('new');
  });

  test('does not end the watch for others when its own transaction ends', () => {
    const rig = new Rig();
    rig.open();
    rig.respond(rig.open({ via: BRANCH_2 }), 482);
    rig.clock.pass(33_000);
    expect(rig.receive({ via: BRANCH_1.replace('bK1', 'bK3') })).toBe('merged');
  });
});
