import { describe, expect, it } from 'vitest';
import { type Documents, readDocument, writeDocument } from '../../../src/store/document-text.ts';
import { callflowOf, runOf, seatOf } from '../../contract/store/callflow-values.ts';
import { listOf } from '../../contract/store/lists.ts';

const REALM = 'acme.example';
const SAMPLES: Documents = {
  callflow: callflowOf(REALM),
  seat: seatOf(REALM),
  list: listOf(REALM),
  run: runOf(REALM, 'flow1'),
};
const KINDS = ['callflow', 'seat', 'list', 'run'] as const;

describe('readDocument()', () => {
  it.each(KINDS)('gives the %s back that was written', (kind) => {
    expect(readDocument(kind, writeDocument(SAMPLES[kind]))).toEqual(SAMPLES[kind]);
  });

  it.each(['', '{', 'null', '1', '"x"', '[]', '{}', '{"id":"a","realm":"b","rev":1}'])(
    'gives null for "%s"',
    (text) => {
      for (const kind of KINDS) expect(readDocument(kind, text)).toBeNull();
    },
  );

  it('gives null for a document of another kind', () => {
    for (const kind of KINDS)
      for (const other of KINDS.filter((one) => one !== kind))
        expect(readDocument(kind, writeDocument(SAMPLES[other]))).toBeNull();
  });

  it('gives null for a callflow whose rev or numbers are none', () => {
    for (const bad of [{ rev: '1' }, { rev: 0.5 }, { numbers: '*30' }, { schedule: null }])
      expect(readDocument('callflow', JSON.stringify({ ...SAMPLES.callflow, ...bad }))).toBeNull();
  });
});
