import { Fault } from '../errors.ts';

/** Refuses a document whose rev does not follow the one it is to replace: INTERNAL. */
export function demandNextRev(
  { id, rev }: { readonly id: string; readonly rev: number },
  expected: number,
): void {
  if (rev === expected + 1) return;
  throw new Fault('INTERNAL', `Cannot save "${id}": its rev is ${rev}, ${expected + 1} is wanted`);
}
