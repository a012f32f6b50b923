import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { joinRecord, type RecordParts, splitRecord } from '../record-parts.ts';

/** The fields of a record's hash, in the order in which they are read. */
export const FIELDS = [
  'fixed',
  'acked',
  'cseqCeiling',
  'versionCeiling',
  'owner',
  'epoch',
  'expiresAt',
] as const satisfies readonly (keyof RecordParts)[];

/** A record as the arguments of HSET: name, value, name, value ... */
export function writeFields(record: SubscriptionRecord): readonly (string | number)[] {
  const parts = splitRecord(record);
  return FIELDS.flatMap((field) => [field, parts[field]]);
}

/** The record in the values of `FIELDS`: null when there is none, `corrupt` when they are not those of a record. */
export function readFields(values: readonly (string | null)[]): SubscriptionRecord | 'corrupt' | null {
  const [fixed, acked, cseqCeiling, versionCeiling, owner, epoch, expiresAt] = values;
  if (typeof epoch !== 'string') return null;
  const record = joinRecord({
    fixed: fixed ?? '',
    acked: acked ?? '',
    cseqCeiling: Number(cseqCeiling),
    versionCeiling: Number(versionCeiling),
    owner: owner ?? '',
    epoch: Number(epoch),
    expiresAt: Number(expiresAt),
  });
  return record ?? 'corrupt';
}
