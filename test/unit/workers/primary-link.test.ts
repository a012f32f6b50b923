import { describe, expect, it } from 'vitest';
import type { ToPrimary, ToWorker } from '../../../src/workers/message.ts';
import { PrimaryLink } from '../../../src/workers/primary-link.ts';

/** A worker's line with nobody at the other end: `say` speaks as the primary. */
function line() {
  const said: ToPrimary[] = [];
  const listeners: ((message: ToWorker) => void)[] = [];
  const link = new PrimaryLink({
    listen: (listener) => void listeners.push(listener),
    send: (message, sent) => {
      said.push(message);
      sent();
    },
  });
  return { link, said, say: (message: ToWorker) => listeners.forEach((listener) => void listener(message)) };
}

describe('the line of a worker to its primary', () => {
  it('gives each answer to whoever has asked', async () => {
    const { link, said, say } = line();
    const health = link.ask('health');
    const metrics = link.ask('metrics');
    const [first, second] = said.flatMap((message) => (message.kind === 'ask' ? message : []));
    say({ kind: 'answers', id: second?.id ?? 0, answers: ['counts'] });
    say({ kind: 'answers', id: first?.id ?? 0, answers: ['well', null] });
    expect(await health).toEqual(['well', null]);
    expect(await metrics).toEqual(['counts']);
    expect([first?.question, second?.question]).toEqual(['health', 'metrics']);
  });

  it('answers what this worker knows, and nothing before it has started', async () => {
    const { link, said, say } = line();
    say({ kind: 'question', id: 7, question: 'health' });
    expect(said).toEqual([]);
    link.answer('health', () => 'well');
    say({ kind: 'question', id: 8, question: 'health' });
    await Promise.resolve();
    expect(said).toEqual([{ kind: 'answer', id: 8, answer: 'well' }]);
  });

  it('tells of lanes, a new certificate and the end', async () => {
    const { link, say } = line();
    const heard: unknown[] = [];
    link.onLanes = (ports) => heard.push([...ports]);
    link.onReload = () => heard.push('reload');
    say({ kind: 'lanes', ports: { 1: 40_001, 3: 40_003 } });
    say({ kind: 'reload' });
    say({ kind: 'stop' });
    expect(await link.stopped).toBeNull();
    expect(heard).toEqual([
      [
        [1, 40_001],
        [3, 40_003],
      ],
      'reload',
    ]);
  });
});
