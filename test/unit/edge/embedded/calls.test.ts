import { describe, expect, test } from 'vitest';
import { Call, Calls } from '../../../../src/edge/embedded/calls.ts';
import { InviteTransaction } from '../../../../src/edge/embedded/invite-transactions.ts';
import { STANDARD_TIMERS } from '../../../../src/sip/transaction.ts';
import { uasDialog } from '../../../../src/sip/uas-dialog.ts';
import { arrivalOf, BRANCH_2, type Fields, STREAM } from './arrival.ts';
import { HandClock } from './hand-clock.ts';

const IN_DIALOG: Fields = { via: BRANCH_2, to: '<sip:*30@example.com>;tag=us' };

class Rig {
  readonly clock = new HandClock();
  /** What was sent, with the ms since the start. */
  readonly sent: string[] = [];
  /** Ends the BYE. */
  settle: () => void = () => {};
  readonly #start = this.clock.now();
  readonly calls = new Calls({
    timers: STANDARD_TIMERS,
    ticker: this.clock,
    resend: (call) => this.#note(`${call.accepted}`),
    bye: (_, ended) => {
      this.#note('BYE');
      this.settle = ended;
    },
  });

  /** The INVITE of a call whose 200 was just sent. */
  open(fields: Fields = {}): InviteTransaction {
    const invite = new InviteTransaction(arrivalOf(fields));
    invite.toTag = 'us';
    const dialog = uasDialog(invite.message, { localTag: 'us', localTarget: 'sip:192.0.2.1' });
    this.calls.open(new Call(invite, dialog, Buffer.from('200')));
    return invite;
  }

  ack(fields: Fields = {}): void {
    this.calls.acknowledge(arrivalOf({ ...IN_DIALOG, method: 'ACK', ...fields }).message);
  }

  find(fields: Fields = {}): Call | null {
    return this.calls.find(arrivalOf({ ...IN_DIALOG, method: 'BYE', cseq: 2, ...fields }).message);
  }

  #note(what: string): void {
    this.sent.push(`${what} at ${this.clock.now() - this.#start}`);
  }
}

describe('RFC 3261 §13.3.1.4', () => {
  test.each([null, STREAM])(
    'a 2xx is sent again after T1, 2*T1 ... T2, and BYE follows after 64*T1',
    (connection) => {
      const rig = new Rig();
      rig.open({ connection });
      rig.clock.pass(40_000);
      const times = [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
      expect(rig.sent).toEqual([...times.map((at) => `200 at ${at}`), 'BYE at 32000']);
      expect(rig.clock.pending).toBe(0);
    },
  );

  test('the ACK in the dialog ends that', () => {
    const rig = new Rig();
    rig.open();
    rig.clock.pass(500);
    rig.ack();
    rig.clock.pass(40_000);
    expect(rig.sent).toEqual(['200 at 500']);
    expect(rig.find()).not.toBeNull();
  });

  test.each<[string, Fields]>([
    ['another Call-ID', { callId: 'c2' }],
    ['another To tag', { to: '<sip:c@d>;tag=them' }],
    ['no To tag', { to: '<sip:c@d>' }],
    ['the CSeq of another INVITE', { cseq: 2 }],
  ])('an ACK with %s does not', (_, fields) => {
    const rig = new Rig();
    rig.open();
    rig.ack(fields);
    rig.clock.pass(500);
    expect(rig.sent).toEqual(['200 at 500']);
  });
});

describe('RFC 3261 §15', () => {
  test('hangUp() sends BYE at once after the ACK, and one only', () => {
    const rig = new Rig();
    const invite = rig.open();
    rig.ack();
    rig.calls.hangUp(invite);
    rig.calls.hangUp(invite);
    expect(rig.sent).toEqual(['BYE at 0']);
  });

  test('hangUp() before the ACK waits for it', () => {
    const rig = new Rig();
    const invite = rig.open();
    rig.calls.hangUp(invite);
    rig.clock.pass(200);
    rig.ack();
    expect(rig.sent).toEqual(['BYE at 200']);
  });

  test('hangUp() before an ACK that never comes sends BYE after 64*T1', () => {
    const rig = new Rig();
    rig.calls.hangUp(rig.open());
    rig.clock.pass(40_000);
    expect(rig.sent.at(-1)).toBe('BYE at 32000');
  });

  test('the call is known until its BYE is answered, and no longer', () => {
    const rig = new Rig();
    const invite = rig.open();
    rig.ack();
    rig.calls.hangUp(invite);
    expect(rig.find()).not.toBeNull();
    rig.settle();
    expect(rig.find()).toBeNull();
    rig.calls.hangUp(invite);
    expect(rig.sent).toEqual(['BYE at 0']);
  });

  test('the BYE of the caller ends all: retransmissions, and what hangUp() would do', () => {
    const rig = new Rig();
    const invite = rig.open();
    const call = rig.find();
    if (call !== null) rig.calls.end(call);
    rig.calls.hangUp(invite);
    rig.clock.pass(40_000);
    expect(rig.sent).toEqual([]);
    expect(rig.find()).toBeNull();
    expect(rig.clock.pending).toBe(0);
  });
});
