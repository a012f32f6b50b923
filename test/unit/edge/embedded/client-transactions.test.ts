import { describe, expect, test } from 'vitest';
import { ClientTransactions } from '../../../../src/edge/embedded/client-transactions.ts';
import { NotifyHead } from '../../../../src/edge/embedded/notify-head.ts';
import type { Connection } from '../../../../src/edge/embedded/path.ts';
import type { NotifyResult, NotifySlot } from '../../../../src/ports/edge.ts';
import { headerOf, type SipMessage } from '../../../../src/sip/message.ts';
import { parseMessage } from '../../../../src/sip/parse.ts';
import { STANDARD_TIMERS } from '../../../../src/sip/transaction.ts';
import { parseVia } from '../../../../src/sip/via.ts';
import { FLOW } from './arrival.ts';
import { HandClock } from './hand-clock.ts';
import { RECORD } from './record.ts';

const NOTIFY = {
  cseq: 5,
  subscriptionState: 'active;expires=60',
  contentType: 'a/b',
  headers: [],
  body: '<x/>',
  last: false,
};

/** The transactions with everything that they touch. */
class Rig {
  readonly clock = new HandClock();
  readonly sent: { readonly at: number; readonly bytes: Buffer }[] = [];
  readonly settled: { readonly slot: NotifySlot; readonly result: NotifyResult }[] = [];
  /** What was sent to where the phone was heard later. */
  readonly sentOn: Buffer[] = [];
  readonly slot: NotifySlot = { record: RECORD, cache: 'prepared' };
  readonly connection: Connection | null;
  readonly transactions: ClientTransactions;
  readonly #head: NotifyHead;
  readonly #start: number;

  constructor(kind: 'udp' | 'tcp' | 'nowhere' = 'udp') {
    this.#start = this.clock.now();
    const send = (bytes: Buffer): void => {
      this.sent.push({ at: this.clock.now() - this.#start, bytes });
    };
    const shared = { open: true, send, inFlight: 0, close: () => {}, destroy: () => {}, flow: FLOW };
    this.connection = kind === 'tcp' ? { ...shared, reliable: true } : null;
    const path = this.connection ?? { ...shared, reliable: false };
    this.transactions = new ClientTransactions({
      timers: STANDARD_TIMERS,
      ticker: this.clock,
      instance: 'abc',
      settled: (slot, result) => this.settled.push({ slot, result }),
      wayTo: () => ({
        path: { open: true, reliable: false, send: (bytes) => void this.sentOn.push(bytes) },
        connection: null,
      }),
      count: () => {},
    });
    const hop = {
      requestUri: 'sip:1009@198.51.100.7',
      routes: [],
      way: { kind: 'flow', otherwise: null },
    } as const;
    this.#head = new NotifyHead(RECORD, hop, { transport: 'UDP', hostPort: '192.0.2.1:5060' });
    this.#head.found = kind === 'nowhere' ? null : { path, connection: this.connection };
  }

  notify(): void {
    this.transactions.send(this.slot, this.#head, NOTIFY);
  }

  /** The branch of the newest NOTIFY. */
  branch(): string {
    return parseVia(headerOf(this.message(), 'via') ?? '')?.branch ?? '';
  }

  message(): SipMessage {
    const result = parseMessage(this.sent.at(-1)?.bytes.toString('latin1') ?? '');
    if (result.kind === 'fault') throw new Error(result.reason);
    return result.message;
  }

  answer(status: number, text = ''): boolean {
    return this.transactions.receive(this.branch(), status, text);
  }

  times(): number[] {
    return this.sent.map(({ at }) => at);
  }
}

describe('ClientTransactions over UDP', () => {
  test('RFC 3261 §17.1.2.2: Timer E doubles from T1 to T2, Timer F ends it after 64*T1', () => {
    const rig = new Rig();
    rig.notify();
    rig.clock.pass(40_000);
    expect(rig.times()).toEqual([
      ...[0, 500, 1500, 3500, 7500, 11_500],
      ...[15_500, 19_500, 23_500, 27_500, 31_500],
    ]);
    expect(rig.settled).toEqual([{ slot: rig.slot, result: { kind: 'timeout' } }]);
    expect(rig.clock.pending).toBe(0);
  });

  test('RFC 3261 §17.1.2.2: after a provisional response Timer E runs at T2', () => {
    const rig = new Rig();
    rig.notify();
    rig.clock.pass(400);
    expect(rig.answer(100)).toBe(true);
    rig.clock.pass(9_000);
    expect(rig.times()).toEqual([0, 500, 4500, 8500]);
    expect(rig.settled).toEqual([]);
  });

  test('the same octets are sent again', () => {
    const rig = new Rig();
    rig.notify();
    rig.clock.pass(600);
    expect(rig.sent[1]?.bytes).toBe(rig.sent[0]?.bytes);
  });

  test('nothing is sent again for a slot that is over: who tells its phone now has higher numbers', () => {
    const rig = new Rig();
    rig.notify();
    rig.clock.pass(600);
    Object.assign(rig.slot, { isOver: true });
    rig.clock.pass(40_000);
    expect(rig.times()).toEqual([0, 500]);
    expect(rig.settled).toHaveLength(1);
    expect(rig.clock.pending).toBe(0);
  });

  test('they follow a phone that was heard elsewhere meanwhile', () => {
    const rig = new Rig();
    rig.notify();
    rig.clock.pass(600);
    expect(rig.sentOn).toHaveLength(0);
    rig.slot.cache = null;
    rig.clock.pass(1_000);
    expect(rig.sent).toHaveLength(2);
    expect(rig.sentOn).toEqual([rig.sent[0]?.bytes]);
  });

  test('RFC 3261 §17.1.2.2: a final response ends retransmissions, Timer K absorbs its copies for T4', () => {
    const rig = new Rig();
    rig.notify();
    const branch = rig.branch();
    expect(rig.answer(200)).toBe(true);
    expect(rig.answer(200)).toBe(true);
    rig.clock.pass(4_900);
    expect(rig.transactions.receive(branch, 200, '')).toBe(true);
    rig.clock.pass(200);
    expect(rig.transactions.receive(branch, 200, '')).toBe(false);
    expect(rig.sent).toHaveLength(1);
    expect(rig.settled).toEqual([
      { slot: rig.slot, result: { kind: 'answered', status: 200, retryAfter: null } },
    ]);
  });

  test('a place is used again with another branch, and late answers do not reach it', () => {
    const rig = new Rig();
    rig.notify();
    const first = rig.branch();
    rig.answer(200);
    rig.clock.pass(6_000);
    rig.notify();
    expect(rig.branch()).not.toBe(first);
    expect(rig.transactions.receive(first, 481, '')).toBe(false);
    expect(rig.settled).toHaveLength(1);
  });

  test.each(['z9hG4bKabc.', 'z9hG4bKabc.0', 'z9hG4bKabc.0.2', 'z9hG4bKabc.9.1', 'z9hG4bKxyz.0.1', ''])(
    'RFC 3261 §17.1.3: the branch "%s" belongs to no transaction',
    (branch) => {
      const rig = new Rig();
      rig.notify();
      expect(rig.transactions.receive(branch, 200, '')).toBe(false);
    },
  );

  test('Retry-After is read without its comment and parameters (RFC 3261 §20.33)', () => {
    const rig = new Rig();
    rig.notify();
    rig.answer(503, 'SIP/2.0 503 Busy\r\nRetry-After: 120 (lunch);duration=5\r\nContent-Length: 0\r\n\r\n');
    expect(rig.settled[0]?.result).toEqual({ kind: 'answered', status: 503, retryAfter: 120 });
  });

  test('what settled() sends in turn is a transaction of its own', () => {
    const rig = new Rig();
    rig.notify();
    rig.answer(200);
    rig.notify();
    expect(rig.answer(200)).toBe(true);
    expect(rig.settled).toHaveLength(2);
  });
});

describe('ClientTransactions over a stream', () => {
  test('RFC 3261 §17.1.2.2: nothing is sent again; Timer F still runs', () => {
    const rig = new Rig('tcp');
    rig.notify();
    rig.clock.pass(31_900);
    expect(rig.sent).toHaveLength(1);
    expect(rig.settled).toEqual([]);
    rig.clock.pass(200);
    expect(rig.settled[0]?.result).toEqual({ kind: 'timeout' });
  });

  test('RFC 3261 §17.1.2.2: Timer K is 0', () => {
    const rig = new Rig('tcp');
    rig.notify();
    rig.answer(200);
    expect(rig.clock.pending).toBe(0);
    expect(rig.answer(200)).toBe(false);
  });

  test('a closed connection ends all that waits on it as unreachable', () => {
    const rig = new Rig('tcp');
    rig.notify();
    rig.notify();
    if (rig.connection) rig.transactions.fail(rig.connection);
    expect(rig.settled.map(({ result }) => result.kind)).toEqual(['unreachable', 'unreachable']);
    expect(rig.connection?.inFlight).toBe(0);
    expect(rig.clock.pending).toBe(0);
  });
});

test('a NOTIFY without a way is settled as unreachable, after send() has returned', async () => {
  const rig = new Rig('nowhere');
  rig.notify();
  expect(rig.settled).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.settled).toEqual([{ slot: rig.slot, result: { kind: 'unreachable' } }]);
});

test('a NOTIFY is a well-formed request in its dialog', () => {
  const rig = new Rig();
  rig.notify();
  const message = rig.message();
  const named = (name: string): string | null => headerOf(message, name);
  expect(message).toMatchObject({
    kind: 'request',
    method: 'NOTIFY',
    uri: 'sip:1009@198.51.100.7',
    body: '<x/>',
  });
  expect(named('from')).toBe('<sip:1001@example.com>;tag=b7-local');
  expect(named('to')).toBe('"Nine" <sip:1009@example.com>;tag=remote');
  expect(named('call-id')).toBe('call-1');
  expect(named('cseq')).toBe('5 NOTIFY');
  expect(named('contact')).toBe('<sip:192.0.2.1:5060>');
  expect(named('event')).toBe('dialog');
  expect(named('subscription-state')).toBe('active;expires=60');
  expect(named('content-type')).toBe('a/b');
  expect(named('content-length')).toBe('4');
  expect(named('max-forwards')).toBe('70');
});
