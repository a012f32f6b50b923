import type { SubscriptionRecord } from '../ports/subscriptions.ts';
import type { BoardMark } from '../presence/board.ts';

/** The parts of a record that change by themselves: each has a field of its own in the stores. */
type Moving = 'acked' | 'cseqCeiling' | 'versionCeiling' | 'owner' | 'epoch' | 'expiresAt';

/** A subscription record as both stores keep it: what changes often beside what does not. */
export interface RecordParts {
  /** JSON of everything that has no field here. */
  readonly fixed: string;
  /** `<rev> <change>`; empty: nothing was confirmed yet. */
  readonly acked: string;
  readonly cseqCeiling: number;
  readonly versionCeiling: number;
  readonly owner: string;
  readonly epoch: number;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Takes a record apart for storing. */
export function splitRecord(record: SubscriptionRecord): RecordParts {
  const { acked, cseqCeiling, versionCeiling, owner, epoch, expiresAt, ...fixed } = record;
  return {
    fixed: JSON.stringify(fixed),
    acked: writeMark(acked),
    cseqCeiling,
    versionCeiling,
    owner,
    epoch,
    expiresAt,
  };
}

/** The record of stored parts; null when they are not those of a record. */
export function joinRecord(parts: RecordParts): SubscriptionRecord | null {
  const fixed = readFixed(parts.fixed);
  if (fixed === null || !hasNumbers(parts)) return null;
  const { cseqCeiling, versionCeiling, owner, epoch, expiresAt } = parts;
  return { ...fixed, acked: readMark(parts.acked), cseqCeiling, versionCeiling, owner, epoch, expiresAt };
}

/** A board mark as the stores keep it; empty for none. */
export function writeMark(mark: BoardMark | null): string {
  return mark === null ? '' : `${mark.rev} ${mark.change}`;
}

function readMark(text: string): BoardMark | null {
  const space = text.indexOf(' ');
  return space === -1 ? null : { rev: Number(text.slice(0, space)), change: text.slice(space + 1) };
}

function readFixed(text: string): Omit<SubscriptionRecord, Moving> | null {
  try {
    const value: unknown = JSON.parse(text);
    // Written by `splitRecord`; the id tells it from any other JSON.
    return typeof value === 'object' && value !== null && 'id' in value
      ? (value as SubscriptionRecord)
      : null;
  } catch {
    return null;
  }
}

function hasNumbers(parts: RecordParts): boolean {
  return [parts.cseqCeiling, parts.versionCeiling, parts.epoch, parts.expiresAt].every(Number.isSafeInteger);
}
