import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { joinRecord, type RecordParts } from '../record-parts.ts';

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
