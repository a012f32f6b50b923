import { describe, expect, it } from 'vitest';
import { joinRecord, splitRecord } from '../../../src/store/record-parts.ts';
import { recordOf } from '../../contract/store/values.ts';

const resource = { realm: 'acme.example', user: '1001' };

describe('splitRecord() and joinRecord()', () => {
  it('give the same record again', () => {
    for (const acked of [
      null,
      { rev: 7, change: 'abc' },
      { rev: 7, change: 'a b' },
      { rev: 0, change: '' },
    ]) {
      const record = recordOf(resource, { acked });
      expect(joinRecord(splitRecord(record))).toEqual(record);
    }
  });

  it('keep what moves out of the fixed part, so that it is never there twice', () => {
    const { fixed } = splitRecord(recordOf(resource, { owner: 'node-x', cseqCeiling: 4711 }));
    expect(fixed).not.toContain('node-x');
    expect(fixed).not.toContain('4711');
  });

  it.each(['', '{', 'null', '[]', '{}', '"id"'])('give null for the fixed part %s', (fixed) => {
    expect(joinRecord({ ...splitRecord(recordOf(resource)), fixed })).toBeNull();
  });

  it('give null for numbers that are none', () => {
    expect(joinRecord({ ...splitRecord(recordOf(resource)), epoch: Number.NaN })).toBeNull();
  });
});
