import { describe, expect, test } from 'vitest';
import { ALONE_OCTETS, PIPELINED_OCTETS } from '../../../../src/edge/drachtio/message-size.ts';
import { Outbox } from '../../../../src/edge/drachtio/outbox.ts';

/** An open outbox that writes down what it lets go. */
function openOutbox(): { outbox: Outbox; written: string[]; post(name: string, octets: number): void } {
  const outbox = new Outbox();
  const written: string[] = [];
  outbox.open();
  const post = (name: string, octets: number): void => {
    outbox.post({ octets, write: () => void written.push(name) });
  };
  return { outbox, written, post };
}

describe('Outbox', () => {
  test('lets 32 small messages go at once, and one more for each that was read', () => {
    const { outbox, written, post } = openOutbox();
    for (let index = 0; index < 40; index += 1) post(`${index}`, PIPELINED_OCTETS);
    expect(written).toHaveLength(32);
    outbox.received();
    expect(written).toHaveLength(33);
  });

  test('lets a large message go only when nothing is outstanding, and nothing behind it before it was read', () => {
    const { outbox, written, post } = openOutbox();
    post('small', 100);
    post('large', PIPELINED_OCTETS + 1);
    post('behind', 100);
    expect(written).toEqual(['small']);
    outbox.received();
    expect(written).toEqual(['small', 'large']);
    outbox.received();
    expect(written).toEqual(['small', 'large', 'behind']);
  });

  test('keeps the order, so that no NOTIFY overtakes the response before it', () => {
    const { outbox, written, post } = openOutbox();
    for (const [name, octets] of [
      ['a', 5000],
      ['b', 10],
      ['c', ALONE_OCTETS],
      ['d', 10],
    ] as const)
      post(name, octets);
    for (let count = 0; count < 4; count += 1) outbox.received();
    expect(written).toEqual(['a', 'b', 'c', 'd']);
  });

  test('goes on when a message is refused during its own write', () => {
    const outbox = new Outbox();
    outbox.open();
    let written = 0;
    for (let count = 0; count < 100; count += 1) {
      outbox.post({
        octets: 5000,
        write: () => {
          written += 1;
          outbox.received();
        },
      });
    }
    expect(written).toBe(100);
    expect(outbox.busy).toBe(false);
  });

  test('keeps what is posted before it is open', () => {
    const outbox = new Outbox();
    let written = false;
    outbox.post({ octets: 1, write: () => (written = true) });
    expect(written).toBe(false);
    outbox.open();
    expect(written).toBe(true);
  });

  test('forgets everything with the connection', () => {
    const { outbox, written, post } = openOutbox();
    for (let index = 0; index < 40; index += 1) post(`${index}`, 10);
    outbox.close();
    expect(outbox.busy).toBe(false);
    outbox.open();
    post('new', 10);
    expect(written.slice(32)).toEqual(['new']);
  });
});
