import { describe, expect, test } from 'vitest';
import { ALONE_OCTETS, PIPELINED_OCTETS } from '../../../../src/edge/drachtio/message-size.ts';
import { Outbox } from '../../../../src/edge/drachtio/outbox.ts';

interface Named {
  readonly name: string;
  readonly octets: number;
}

/** An open outbox that writes down what it lets go; what has no name is not worth sending. */
function openOutbox(): {
  outbox: Outbox<Named>;
  written: string[];
  post(name: string, octets: number): void;
} {
  const written: string[] = [];
  const outbox = new Outbox<Named>({
    window: 32,
    write: ({ name }) => name !== '' && written.push(name) > 0,
  });
  outbox.open();
  return { outbox, written, post: (name, octets) => outbox.post({ name, octets }) };
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
    let written = 0;
    const outbox = new Outbox({
      window: 32,
      write: () => {
        written += 1;
        outbox.received();
        return true;
      },
    });
    outbox.open();
    for (let count = 0; count < 100; count += 1) outbox.post({ octets: 5000 });
    expect(written).toBe(100);
    expect(outbox.busy).toBe(false);
  });

  test('what is not worth sending any more takes no room, however much of it there is', () => {
    const { outbox, written, post } = openOutbox();
    post('large', PIPELINED_OCTETS + 1);
    for (let index = 0; index < 100_000; index += 1) post('', 10);
    post('behind', 10);
    outbox.received();
    expect(written).toEqual(['large', 'behind']);
    outbox.received();
    expect(outbox.busy).toBe(false);
  });

  test('keeps what is posted before it is open', () => {
    let written = false;
    const outbox = new Outbox({ window: 32, write: () => (written = true) });
    outbox.post({ octets: 1 });
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
