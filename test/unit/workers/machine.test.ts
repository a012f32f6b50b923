import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/metrics.ts';
import type { Crew } from '../../../src/workers/crew.ts';
import { machineOf } from '../../../src/workers/machine.ts';
import type { Question } from '../../../src/workers/message.ts';

const SIBLINGS = { worker: 1, passOn: () => false, receive: () => {} };

/** Two workers that hear each other; `null` in `healths`: one that is stuck. */
function machines(healths: readonly ({ store: boolean; edge: boolean } | null)[]) {
  const givers = healths.map(() => new Map<Question, () => unknown>());
  const ask = async (question: Question) =>
    await Promise.all(
      givers.map(async (mine, index) => {
        if (healths[index] === null) return null;
        // As it is between processes.
        return JSON.parse(JSON.stringify(await mine.get(question)?.()));
      }),
    );
  return givers.map((mine, index) => {
    const metrics = createMetrics(index + 1);
    const answer = (question: Question, give: () => unknown) => void mine.set(question, give);
    const place = { worker: index + 1, siblings: SIBLINGS, udpPort: 5060 };
    const crew: Crew = { ...place, ask, answer };
    const machine = machineOf(crew, metrics, () => healths[index] ?? { store: false, edge: false });
    return { metrics, machine };
  });
}

const WELL = { store: true, edge: true };

describe('what a machine says through any of its workers', () => {
  it('is all that they count, each series with its worker', async () => {
    const [one, other] = machines([WELL, WELL]);
    one?.metrics.notifies.ok(3);
    other?.metrics.notifies.ok(4);
    for (const each of [one, other]) {
      const text = await each?.machine.metrics();
      expect(text).toContain('lamplighter_notifies_total{result="ok",worker="1"} 3');
      expect(text).toContain('lamplighter_notifies_total{result="ok",worker="2"} 4');
      expect(text?.match(/^# TYPE lamplighter_notifies_total counter$/gm)).toHaveLength(1);
    }
  });

  it('goes on without a worker that is stuck', async () => {
    const [one] = machines([WELL, null]);
    one?.metrics.notifies.ok();
    const text = await one?.machine.metrics();
    expect(text).toContain('lamplighter_notifies_total{result="ok",worker="1"} 1');
    expect(text).not.toContain('worker="2"');
  });

  it.each([
    ['well while all are', [WELL, WELL], { store: true, edge: true, workers: true }],
    [
      'without a store when one has none',
      [WELL, { store: false, edge: true }],
      { store: false, edge: true, workers: true },
    ],
    [
      'without an edge when one has none',
      [{ store: true, edge: false }, WELL],
      { store: true, edge: false, workers: true },
    ],
    ['without a worker when one is stuck', [WELL, null], { store: true, edge: true, workers: false }],
  ])('is %s', async (_, healths, expected) => {
    expect(await machines(healths)[0]?.machine.health()).toEqual(expected);
  });
});

it('a process that is alone has no label for it', async () => {
  const metrics = createMetrics();
  metrics.notifies.ok();
  expect(await metrics.registry.metrics()).toContain('lamplighter_notifies_total{result="ok"} 1');
});
