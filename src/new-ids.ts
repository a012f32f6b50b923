import { randomFillSync } from 'node:crypto';

const ID_OCTETS = 8;
/** Random octets that are fetched at once: an id costs 0.4 us so, and 6 us alone. */
const FETCHED = 4096;

/** Gives random ids of 16 lower-case hexadecimal digits. */
export function newIds(): () => string {
  const octets = Buffer.allocUnsafeSlow(FETCHED);
  let used = FETCHED;
  return () => {
    if (used === FETCHED) {
      randomFillSync(octets);
      used = 0;
    }
    used += ID_OCTETS;
    return octets.toString('hex', used - ID_OCTETS, used);
  };
}
