import type { ByteString } from './message.ts';

/** Worker numbers are 1 to this. */
export const MOST_WORKERS = 256;

/** Hexadecimal digits and numbers, which follow without a mark, have no `w`: a name of a single process is never taken for one. */
const IN_BRANCH = /^z9hG4bKw([1-9]\d{0,2})-/;
/** The To line of a head that is not folded, with a tag of ours in it. Names of header fields are in any case (RFC 3261 §7.3.1). */
const IN_TO_TAG = /\n(?:to|t)[ \t]*:[^\r\n]*;[ \t]*tag[ \t]*=[ \t]*(?:b\d{1,4}-)?w([1-9]\d{0,2})-/i;

/**
 * What a worker's branches (behind the magic cookie) and tags (behind the bucket, if there is one) begin with, so that
 * any other knows whose they are. 1 to `MOST_WORKERS`.
 */
export function workerMark(worker: number): ByteString {
  return `w${worker}-`;
}

/** The worker whose request has this branch; null when it names none. */
export function workerOfBranch(branch: ByteString): number | null {
  return numberIn(IN_BRANCH.exec(branch));
}

/**
 * The worker that has formed the dialog of a request, from its text; null when its To-tag names none. A request spelled so
 * that this does not see it (a folded To) is one that any worker serves.
 */
export function workerOfDialog(request: ByteString): number | null {
  return numberIn(IN_TO_TAG.exec(request));
}

function numberIn(match: RegExpExecArray | null): number | null {
  const worker = Number(match?.[1] ?? 0);
  return worker >= 1 && worker <= MOST_WORKERS ? worker : null;
}
