import { describe, expect, it } from 'vitest';
import { MOST_WORKERS, workerMark, workerOfBranch, workerOfDialog } from '../../../src/sip/worker-mark.ts';

const HEAD = ['SUBSCRIBE sip:night@acme.example SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKw9-1'];
const withTo = (line: string) => [...HEAD, line, '', ''].join('\r\n');

describe('workerOfBranch()', () => {
  it.each([1, 2, 17, MOST_WORKERS])(
    'finds worker %i behind the magic cookie (RFC 3261 §8.1.1.7)',
    (worker) => {
      expect(workerOfBranch(`z9hG4bK${workerMark(worker)}0123abcdef98.12.7`)).toBe(worker);
    },
  );

  it.each([
    ['of a process that is alone', 'z9hG4bK0123abcdef98.12.7'],
    ['of somebody else', 'z9hG4bK776asdhds'],
    ['of no RFC 3261 client', 'w2-1'],
    ['of no worker', 'z9hG4bKw0-1'],
    ['of more workers than can be', 'z9hG4bKw999-1'],
  ])('finds none in a branch %s', (_, branch) => {
    expect(workerOfBranch(branch)).toBeNull();
  });
});

describe('workerOfDialog()', () => {
  it.each([
    ['of a subscription', `To: <sip:night@acme.example>;tag=b17-${workerMark(3)}0123abcdef`],
    ['of a call', `To: <sip:night@acme.example>;tag=${workerMark(3)}0123abcdef`],
    ['in compact form (RFC 3261 §7.3.3)', `t: <sip:night@acme.example>;tag=b0-${workerMark(3)}ab`],
    ['with blanks around', `TO : "Night" <sip:night@acme.example> ; x=y ; TAG = b4095-${workerMark(3)}ab`],
  ])('finds the worker in the To-tag %s', (_, line) => {
    expect(workerOfDialog(withTo(line))).toBe(3);
  });

  it.each([
    ['without a tag', 'To: <sip:night@acme.example>'],
    ['of a process that is alone', 'To: <sip:night@acme.example>;tag=b17-0123abcdef'],
    ['of a user that looks like a tag', 'To: <sip:b17-w3-x@acme.example>'],
    ['in From', 'From: <sip:night@acme.example>;tag=b17-w3-ab'],
  ])('finds none %s', (_, line) => {
    expect(workerOfDialog(withTo(line))).toBeNull();
  });

  it('takes a time that grows evenly with what it is given', () => {
    const hostile = withTo(`To: ${';tag=b1-w'.repeat(7_000)}`);
    const begun = performance.now();
    expect(workerOfDialog(hostile)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
