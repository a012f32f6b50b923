import type { SQLOutputValue } from 'node:sqlite';
import type { SubscriptionRecord } from '../../ports/subscriptions.ts';
import { joinRecord, splitRecord } from '../record-parts.ts';

/** The columns of a record, in the order of `rowOf`. */
export const COLUMNS = [
  'id',
  'realm',
  'user',
  'fixed',
  'acked',
  'cseq_ceiling',
  'version_ceiling',
  'owner',
  'epoch',
  'created_at',
  'expires_at',
  'touched_at',
] as const;

/** A record as values of `COLUMNS`; `now` is this machine's time, ms. */
export function rowOf(record: SubscriptionRecord, now: number): (string | number)[] {
  const { fixed, acked, cseqCeiling, versionCeiling, owner, epoch, expiresAt } = splitRecord(record);
  const { realm, user } = record.resource;
  return [
    record.id,
    realm,
    user,
    fixed,
    acked,
    cseqCeiling,
    versionCeiling,
    owner,
    epoch,
    record.createdAt,
    expiresAt,
    now,
  ];
}

/** The record of a row; null when it is not one. */
export function recordOf(row: Record<string, SQLOutputValue>): SubscriptionRecord | null {
  return joinRecord({
    fixed: String(row.fixed),
    acked: String(row.acked),
    cseqCeiling: Number(row.cseq_ceiling),
    versionCeiling: Number(row.version_ceiling),
    owner: String(row.owner),
    epoch: Number(row.epoch),
    expiresAt: Number(row.expires_at),
  });
}
