import { describe, expect, test } from 'vitest';
import { CallDesk } from '../../../../src/edge/drachtio/call-desk.ts';
import type { LeanRequest } from '../../../../src/edge/drachtio/lean-request.ts';
import type { ServerLink } from '../../../../src/edge/drachtio/server-link.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

/** A connection on which a test plays drachtio-server by hand. */
class HandLink {
  readonly name = '127.0.0.1:9022';
  /** The dialogs of the BYEs that were sent. */
  readonly byes: string[] = [];
  /** Answers the last BYE: a status, or the error of drachtio-server. */
  answer: (outcome: number | 'ENODIALOG') => void = () => {};
  open = true;

  send(request: LeanRequest): void {
    if (!this.open) return;
    const [, dialogId = ''] = /^\|sip\|\|(.*)\r\nBYE sip:/.exec(request.take()) ?? expect.fail();
    this.byes.push(dialogId);
    this.answer = (outcome) => {
      if (outcome === 'ENODIALOG') request.refused('unable to find dialog');
      else
        request.answered(
          `u|sip|network|9|udp|192.0.2.7|5060|now|txn|${dialogId}|\r\nSIP/2.0 ${outcome} So\r\n\r\n`,
        );
    };
  }
}

class Rig {
  readonly clock = new ManualClock();
  readonly link = new HandLink();
  readonly desk = new CallDesk(this.clock);
  // Only what the desk uses of it.
  readonly call = { link: this.link as unknown as ServerLink, dialogId: 'c1;from-tag=f' };

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    this.desk.tick();
  }
}

function answered(): Rig {
  const rig = new Rig();
  rig.desk.open(rig.call);
  return rig;
}

describe('RFC 3261 §15: hangUp()', () => {
  test('sends BYE in the dialog of drachtio-server, once', () => {
    const rig = answered();
    rig.desk.acknowledge(rig.call);
    rig.desk.hangUp(rig.call);
    rig.desk.hangUp(rig.call);
    expect(rig.link.byes).toEqual(['c1;from-tag=f']);
  });

  test('waits for the ACK', () => {
    const rig = answered();
    rig.desk.hangUp(rig.call);
    expect(rig.link.byes).toEqual([]);
    rig.desk.acknowledge(rig.call);
    expect(rig.link.byes).toHaveLength(1);
  });

  test.each([200, 481, 408, 'ENODIALOG'] as const)('the call is over with whatever answer: %s', (outcome) => {
    const rig = answered();
    rig.desk.acknowledge(rig.call);
    rig.desk.hangUp(rig.call);
    expect(rig.desk.knows(rig.call)).toBe(true);
    rig.link.answer(outcome);
    expect(rig.desk.knows(rig.call)).toBe(false);
  });

  test('is nothing after the call has ended', () => {
    const rig = answered();
    rig.desk.end(rig.call);
    rig.desk.hangUp(rig.call);
    expect(rig.link.byes).toEqual([]);
  });
});

describe('what a lost connection takes along', () => {
  test('a BYE is sent again when the server is back', () => {
    const rig = answered();
    rig.desk.acknowledge(rig.call);
    rig.link.open = false;
    rig.desk.hangUp(rig.call);
    expect(rig.link.byes).toEqual([]);
    rig.link.open = true;
    rig.desk.restored(rig.call.link);
    expect(rig.link.byes).toHaveLength(1);
  });

  test('without its ACK a call is ended after 36 s', async () => {
    const rig = answered();
    await rig.pass(35_000);
    expect(rig.link.byes).toEqual([]);
    await rig.pass(1_000);
    expect(rig.link.byes).toHaveLength(1);
  });

  test('without its answer a BYE is given up after 36 s', async () => {
    const rig = answered();
    rig.desk.acknowledge(rig.call);
    rig.desk.hangUp(rig.call);
    await rig.pass(35_000);
    expect(rig.desk.knows(rig.call)).toBe(true);
    await rig.pass(1_000);
    expect(rig.desk.knows(rig.call)).toBe(false);
    expect(rig.link.byes).toHaveLength(1);
  });

  test('a call that goes on is let alone', async () => {
    const rig = answered();
    rig.desk.acknowledge(rig.call);
    await rig.pass(3_600_000);
    expect(rig.link.byes).toEqual([]);
    expect(rig.desk.knows(rig.call)).toBe(true);
  });
});
