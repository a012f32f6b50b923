import { describe, expect, it } from 'vitest';
import { Lanes } from '../../../../src/store/redis/lanes.ts';

describe('Lanes', () => {
  it('runs work on one key one after the other, also after a failure; other keys do not wait', async () => {
    const lanes = new Lanes();
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = lanes.run('a', async () => {
      log.push('first begins');
      await gate.promise;
      log.push('first ends');
      throw new Error('first');
    });
    const second = lanes.run('a', async () => void log.push('second'));
    await lanes.run('b', async () => void log.push('other key'));
    gate.resolve();
    await expect(first).rejects.toThrow('first');
    await second;
    expect(log).toEqual(['first begins', 'other key', 'first ends', 'second']);
  });
});
